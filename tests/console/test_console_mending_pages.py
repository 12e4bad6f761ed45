"""The pages of mending, as a reviewer uses them: from a misunderstood sentence to a patch; hostile sentences; two people at once."""

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path

import mended
import pytest
from clocks import Clock
from flask import Flask, g, get_flashed_messages
from mended import write_sentences
from sqlalchemy import delete, select
from staff import Staff

from bot.nlu.sentences import read_sentences
from console.databases import Databases, journal_session
from console.mending.asked import Asked, asked
from console.mending.deciding import Case, Form, Line, settle
from console.mending.desk import desk
from console.mending.grouping import gather
from console.mending.sentences import Shelf
from console.models import AuditRow
from console.sessions import Known
from journal.corrections import accept, heard_digest
from journal.models import Conversation
from journal.review_models import ACCEPTED, EXPORTED, IGNORED, Correction

HOSTILE = "<script>alert(1)</script> \u202e\"'>{{ 7*7 }} =cmd|' /C calc'!A0"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project: sentences, and one that examines."""
    return mended.make_project(tmp_path / "project")


@pytest.fixture
def console(console: Flask, project: Path) -> Flask:
    """The console, over the sentences of the small project."""
    console.extensions["console_shelf"] = Shelf(project)
    return console


@pytest.fixture
def hear(bases: Databases, clock: Clock) -> Callable[..., list[int]]:
    """hear(*texts): the ids of their turns, each in a conversation of its own, not understood."""
    return partial(mended.hear, bases, clock)


@pytest.fixture
def corrections(bases: Databases) -> Callable[[], list[Correction]]:
    """corrections(): what was decided."""

    def _corrections() -> list[Correction]:
        with bases.journal.reading() as session:
            return list(session.scalars(select(Correction).order_by(Correction.id)))

    return _corrections


def _page(staff: Staff, address: str, status: int = 200) -> str:
    answer = staff.get(address, follow_redirects=True)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def _decide(staff: Staff, *texts: str, step: str = "accept", at: str | None = None, **fields: object):
    """Send the form of the group that holds the first of `texts`, all of them chosen."""
    digests = [heard_digest(text) for text in texts]
    form = {"step": step, "chosen": digests, **fields}
    return staff.post_form(at or f"/phrases/groupe/{digests[0]}", form, page="/phrases/decisions")


def test_groups_are_listed_the_most_said_first_with_how_they_were_read(login, hear) -> None:
    hear("jusqu'où le fonds embarque", "Jusqu'où le fonds embarque?", "jusqu'où qu'il embarque le fonds", "patate poil")
    page = _page(login("reader"), "/phrases/")
    assert page.index("usqu'où le fonds embarque") < page.index("patate poil")
    assert re.search(r"2\s+groupes, 4\s+messages", page)
    assert "3\u00a0fois" in page
    assert "et 1 autre façon de le dire" in page
    assert "Le coût du service" in page
    assert "pas comprise (3)" in page


def test_of_very_many_sentences_those_said_most_are_gathered_and_the_rest_counted(hear, bases, clock) -> None:
    hear("patate poil", "jusqu'où le fonds embarque", "jusqu'où le fonds embarque", "xkcd")
    wanted = Asked(clock().date() - timedelta(days=2), clock().date())
    with bases.journal.reading() as session:
        found = gather(session, wanted, most=1)
        assert ([group.head.text for group in found.groups], found.left) == (["jusqu'où le fonds embarque"], 2)
        assert gather(session, wanted).left == 0


def test_what_nothing_trains_has_a_name_too(login, hear) -> None:
    hear("une phrase", label="nlu_fallback")
    page = _page(login("reader"), "/phrases/")
    assert "Rien de compris" in page
    assert "nlu_fallback" not in page


def test_a_period_and_a_sign_narrow_the_list(login, hear) -> None:
    hear("une phrase pas comprise")
    hear("une phrase mal aimée", understood=True, rating="down")
    staff = login("reader")
    assert "pas comprise" in _page(staff, "/phrases/")
    only = _page(staff, "/phrases/?signe=down")
    assert "une phrase mal aimée" in only
    assert "une phrase pas comprise" not in only
    assert "Rien à réparer dans cette période" in _page(staff, "/phrases/?du=2026-01-01&au=2026-01-31")


@pytest.mark.parametrize(
    "query",
    ["du=hier&au=demain", "du=9999-12-31&au=9999-12-31", "page=0", "page=99999999", "page=-1", "signe=<b>", "du=2026-12-01&au=2026-01-01"],
)
def test_an_address_that_makes_no_sense_shows_a_page(login, hear, query: str) -> None:
    hear("une phrase")
    assert "Phrases à réparer" in _page(login("reader"), f"/phrases/?{query}")


def test_the_page_of_a_group_offers_the_readings_then_the_nearest_sentences(login, hear) -> None:
    (turn,) = hear("ça vaut combien au plafond du prêt")
    page = _page(login("reviewer"), f"/phrases/groupe/{heard_digest('ça vaut combien au plafond du prêt')}")
    offered = re.findall(r'name="label" value="([^"]+)"', page)
    assert offered[:3] == ["ask_cost", "ask_amount", "greet"]
    assert "la lecture de l’assistant, 31\u00a0%" in page
    assert "Tout près\u00a0: «\u00a0c'est quoi le plafond du prêt\u00a0»" in page
    assert turn


def test_a_label_is_searched_with_and_without_scripts(login, hear) -> None:
    hear("c'est quoi l'affaire patiente")
    staff = login("reviewer")
    assert 'value="ask_topic/capital_patient"' in _page(staff, "/phrases/etiquettes?q=capital")
    assert "Aucun sens ne porte ces mots" in _page(staff, "/phrases/etiquettes?q=zzzzzz")
    answer = _decide(staff, "c'est quoi l'affaire patiente", step="search", q="patient", **{f"text-{heard_digest(chr(99))}": "x"})
    assert answer.status_code == 200
    assert 'value="ask_topic/capital_patient"' in answer.get_data(as_text=True)


def test_several_sentences_are_accepted_at_once_as_they_were_edited(login, hear, corrections) -> None:
    first, second = "jusqu'où le fonds de Zébulon embarque", "jusqu'où ce que le fonds de Zébulon embarque"
    hear(first, second)
    fields = {
        f"text-{heard_digest(first)}": "jusqu'où le fonds   embarque\n",
        f"text-{heard_digest(second)}": "jusqu'où ce que ça embarque",
    }
    staff = login("reviewer", username="lea")
    answer = _decide(staff, first, second, label="ask_amount", **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert [(each.sentence, each.label, each.state, each.author) for each in corrections()] == [
        ("jusqu'où ce que ça embarque", "ask_amount", ACCEPTED, "lea"),
        ("jusqu'où le fonds embarque", "ask_amount", ACCEPTED, "lea"),
    ]
    page = _page(staff, "/phrases/")
    assert "2\u00a0phrases acceptées comme «\u00a0Le montant offert\u00a0»." in page
    assert "Rien à réparer" in page


def test_each_decision_is_in_the_audit_trail_without_any_text(login, hear, bases) -> None:
    hear("jusqu'où le fonds embarque", "patate poil")
    staff = login("reviewer", username="lea")
    _decide(staff, "jusqu'où le fonds embarque", label="ask_amount")
    _decide(staff, "patate poil", step="ignore", reason="off_topic")
    staff.post_form("/phrases/decisions/2/reprise", page="/phrases/decisions")
    staff.post_form("/phrases/exportation", page="/phrases/decisions")
    with bases.journal.reading() as session:
        rows = [row for row in session.scalars(select(AuditRow)) if row.action.startswith("mending.")]
    assert {(row.action, row.subject, row.detail) for row in rows if row.account == "lea"} >= {
        ("mending.accept", "1", "ask_amount"),
        ("mending.ignore", "2", "off_topic"),
        ("mending.undo", "2", "off_topic"),
        ("mending.export", "", "1"),
    }
    assert not any("patate" in row.subject + row.detail or "embarque" in row.subject + row.detail for row in rows)


def test_only_what_is_chosen_is_decided_and_one_stays_on_what_is_left(login, hear, corrections) -> None:
    first, second = "jusqu'où le fonds embarque", "jusqu'où qu'il embarque le fonds"
    hear(first, first, second)
    answer = _decide(login("reviewer"), first, label="ask_amount")
    assert answer.status_code == 303
    assert heard_digest(second) in answer.location
    assert [each.sentence for each in corrections()] == [first]


@pytest.mark.parametrize(
    ("sentence", "label", "told"),
    [
        ("bonjour!!", "greet", "Elle y est déjà"),
        ("BONJOUR", "ask_cost", "une phrase n’a qu’un sens"),
        ("ils montent jusqu’à combien?", "ask_amount", "sert à examiner"),
        ("appelez-moi au 418 555-0134", "ask_amount", "renseignement personnel"),
        ("mon courriel [COURRIEL_1]", "ask_amount", "masqué"),
        ("?!", "greet", "pas un mot"),
        ("jusqu'où le fonds embarque", "", "Choisissez ce que ces phrases veulent dire"),
        ("jusqu'où le fonds embarque", "no_such_label", "Choisissez ce que ces phrases veulent dire"),
    ],
)
def test_what_forbids_is_told_and_nothing_is_kept(login, hear, corrections, sentence: str, label: str, told: str) -> None:
    hear("une phrase à éditer")
    staff, digest = login("reviewer"), heard_digest("une phrase à éditer")
    fields = {f"text-{digest}": sentence, "confirmed": digest, "label": label}
    answer = _decide(staff, "une phrase à éditer", **fields)
    assert answer.status_code == 422
    assert told in unescape(answer.get_data(as_text=True))
    assert corrections() == []


def test_a_warning_is_confirmed_before_the_sentence_is_accepted(login, hear, corrections) -> None:
    said = "combien prêtent le fonds"
    hear(said)
    staff, digest = login("reviewer"), heard_digest(said)
    answer = _decide(staff, said, label="ask_cost")
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Presque la même phrase est apprise comme «\u00a0Le montant offert\u00a0»" in page
    assert "voisines" in page
    assert 'value="ask_cost" checked' in page
    assert corrections() == []
    assert _decide(staff, said, label="ask_cost", confirmed=digest).status_code == 303
    assert [each.label for each in corrections()] == ["ask_cost"]


def test_two_sentences_made_the_same_are_not_both_accepted(login, hear, corrections) -> None:
    first, second = "jusqu'où le fonds embarque", "jusqu'où qu'il embarque le fonds"
    hear(first, second)
    fields = {f"text-{heard_digest(second)}": f"{first}?", "label": "ask_amount"}
    answer = _decide(login("reviewer"), first, second, **fields)
    assert answer.status_code == 422
    assert corrections() == []


def test_a_sentence_that_was_accepted_and_not_exported_is_not_accepted_again(login, hear, corrections) -> None:
    hear("jusqu'où le fonds embarque", "patate poil")
    staff, other = login("reviewer"), heard_digest("patate poil")
    _decide(staff, "jusqu'où le fonds embarque", label="ask_amount")
    answer = _decide(staff, "patate poil", label="ask_amount", confirmed=other, **{f"text-{other}": "jusqu’où le fonds embarque?"})
    assert answer.status_code == 422
    assert "Elle y est déjà" in unescape(answer.get_data(as_text=True))
    assert len(corrections()) == 1


def test_ignoring_asks_why_and_keeps_no_word(login, hear, corrections) -> None:
    hear("mon voisin Zébulon est fou")
    staff = login("reviewer")
    assert _decide(staff, "mon voisin Zébulon est fou", step="ignore").status_code == 422
    assert _decide(staff, "mon voisin Zébulon est fou", step="ignore", reason="because").status_code == 422
    assert _decide(staff, "mon voisin Zébulon est fou", step="ignore", reason="personal").status_code == 303
    (kept,) = corrections()
    assert (kept.state, kept.reason, kept.sentence) == (IGNORED, "personal", None)
    assert "texte non gardé" in _page(staff, "/phrases/decisions?etat=ignored")
    assert "Zébulon" not in _page(staff, "/phrases/decisions?etat=ignored")


def test_nothing_chosen_and_an_unknown_step_decide_nothing(login, hear, corrections) -> None:
    hear("une phrase")
    staff, address = login("reviewer"), f"/phrases/groupe/{heard_digest('une phrase')}"
    for form in (
        {"step": "accept", "label": "greet"},
        {"step": "ignore", "reason": "off_topic"},
        {"step": "x", "chosen": heard_digest("une phrase")},
        {},
    ):
        assert staff.post_form(address, form, page="/phrases/decisions").status_code == 422
    assert corrections() == []


def test_the_second_of_two_people_is_told_and_changes_nothing(login, hear, corrections) -> None:
    first, second = "jusqu'où le fonds embarque", "jusqu'où qu'il embarque le fonds"
    hear(first, second)
    one, other = login("reviewer", username="lea"), login("reviewer", username="sam")
    _decide(one, first, label="ask_amount")
    answer = _decide(other, first, label="ask_cost", at=f"/phrases/groupe/{heard_digest(second)}")
    assert answer.status_code == 422, "the sentence is no longer on the page"
    gone = _decide(other, first, label="ask_cost")
    assert gone.status_code == 303
    assert "Quelqu’un vient de traiter ces phrases" in _page(other, gone.location)
    assert [(each.author, each.label) for each in corrections()] == [("lea", "ask_amount")]


def test_who_decides_at_the_same_instant_is_told_and_changes_nothing(console: Flask, bases, clock, hear, corrections) -> None:
    first, second = "jusqu'où le fonds embarque", "jusqu'où qu'il embarque le fonds"
    hear(first, second)
    with console.test_request_context("/phrases/", method="POST"):
        g.account = Known(1, "sam", "Sam", ("reviewer",), False)
        found = gather(journal_session(write=False), asked()).groups[0]
        form, case = Form(tuple(Line(each, each.text) for each in found.heard), "ask_cost"), Case(found, "/phrases/", "/phrases/")
        with bases.journal.writing.begin() as other:
            accept(other, heard_digest(second), second, "ask_amount", "lea", clock(), None)
        answer = settle(case, form, "accept", desk())
        assert answer.status_code == 303
        assert get_flashed_messages() == ["lea vient de décider d’une de ces phrases\u00a0: rien n’a été changé, voici ce qui reste."]
    assert [(each.author, each.label) for each in corrections()] == [("lea", "ask_amount")]


def test_a_sentence_whose_conversation_is_erased_at_the_same_instant_is_told(console: Flask, bases, hear, corrections) -> None:
    hear("jusqu'où le fonds embarque")
    with console.test_request_context("/phrases/", method="POST"):
        g.account = Known(1, "sam", "Sam", ("reviewer",), False)
        found = gather(journal_session(write=False), asked()).groups[0]
        form, case = Form(tuple(Line(each, each.text) for each in found.heard), "ask_cost"), Case(found, "/phrases/", "/phrases/")
        with bases.journal.writing.begin() as other:
            other.execute(delete(Conversation))
        assert settle(case, form, "accept", desk()).status_code == 303
        assert "ne sont plus là" in get_flashed_messages()[0]
    assert corrections() == []


def test_one_message_is_mended_from_its_conversation_though_it_was_understood(login, hear, corrections) -> None:
    (turn,) = hear("jusqu'où le fonds embarque", understood=True)
    staff = login("reviewer")
    assert "Rien à réparer" in _page(staff, "/phrases/")
    assert "jusqu'où le fonds embarque" in _page(staff, f"/phrases/message/{turn}")
    answer = _decide(staff, "jusqu'où le fonds embarque", label="ask_amount", at=f"/phrases/message/{turn}")
    assert answer.location.startswith("/conversations/1")
    assert [each.turn_id for each in corrections()] == [turn]
    assert "ont été traitées" in _page(staff, f"/phrases/message/{turn}")
    assert "ne sont plus là" in _page(staff, "/phrases/message/999")


def test_a_decision_is_taken_back_until_it_is_exported(login, hear, corrections) -> None:
    hear("jusqu'où le fonds embarque")
    staff = login("reviewer")
    _decide(staff, "jusqu'où le fonds embarque", label="ask_amount")
    staff.post_form("/phrases/decisions/1/reprise", page="/phrases/decisions")
    assert corrections() == []
    assert "jusqu'où le fonds embarque" in _page(staff, "/phrases/")
    for number in (1, 999):
        assert "Cette décision n’est plus là" in _page(
            staff, staff.post_form(f"/phrases/decisions/{number}/reprise", page="/phrases/decisions").location
        )


def test_what_was_accepted_is_downloaded_as_a_patch_that_git_applies(login, hear, corrections, project: Path) -> None:
    hear("jusqu'où le fonds embarque")
    staff = login("reviewer")
    assert "Rien n’est à exporter" in _page(staff, staff.post_form("/phrases/exportation", page="/phrases/decisions").location)
    _decide(staff, "jusqu'où le fonds embarque", label="ask_amount")
    answer = staff.post_form("/phrases/exportation", page="/phrases/decisions")
    assert answer.headers["Content-Disposition"] == "attachment; filename=correctif-2026-11-28.patch"
    assert [each.state for each in corrections()] == [EXPORTED]
    again = staff.post_form("/phrases/exportation", {"again": "1"}, page="/phrases/decisions")
    assert again.data == answer.data
    applied = subprocess.run(["git", "apply", "-"], cwd=project, input=answer.data, capture_output=True, check=False)
    assert applied.returncode == 0, applied.stderr.decode()
    assert ("jusqu'où le fonds embarque", "ask_amount") in set(read_sentences(project / "data/nlu"))
    done = staff.post_form("/phrases/exportation", {"again": "1"}, page="/phrases/decisions")
    assert "sont déjà dans les données d’entraînement" in _page(staff, done.location)


def test_a_sentence_that_became_forbidden_is_not_exported(login, hear, corrections, project: Path) -> None:
    hear("jusqu'où le fonds embarque")
    staff = login("reviewer")
    _decide(staff, "jusqu'où le fonds embarque", label="ask_amount")
    write_sentences(project / "tests/nlu/development/more.yml", "ask_amount", ["Jusqu’où le fonds embarque?"])
    answer = staff.post_form("/phrases/exportation", page="/phrases/decisions")
    assert answer.status_code == 303
    assert "À reprendre d’abord, décision 1. Cette phrase sert à examiner" in _page(staff, answer.location)
    assert [each.state for each in corrections()] == [ACCEPTED]


def test_a_file_that_sentences_cannot_be_added_to_is_named(login, hear, corrections, project: Path) -> None:
    hear("jusqu'où le fonds embarque")
    staff = login("reviewer")
    _decide(staff, "jusqu'où le fonds embarque", label="ask_amount")
    file = project / "data/nlu/intents/ask_amount.yml"
    file.rename(file.with_name("elsewhere.yml"))
    answer = staff.post_form("/phrases/exportation", page="/phrases/decisions")
    assert "ask_amount.yml" in _page(staff, answer.location)
    assert [each.state for each in corrections()] == [ACCEPTED]


def test_sentences_that_cannot_be_read_are_told_to_staff(login, hear, project: Path) -> None:
    hear("une phrase")
    (project / "data/nlu/intents/greet.yml").write_text("nlu: [", encoding="utf-8")
    assert "Les phrases d’entraînement ne se lisent pas" in _page(login("reviewer"), "/phrases/", status=503)


def test_a_reader_sees_and_is_offered_no_button(login, hear, corrections) -> None:
    hear("une phrase")
    staff = login("reader")
    for address in ("/phrases/", f"/phrases/groupe/{heard_digest('une phrase')}", "/phrases/decisions"):
        page = _page(staff, address)
        assert 'name="step"' not in page
    assert _decide(staff, "une phrase", label="greet").status_code == 403
    assert corrections() == []


def test_hostile_sentences_are_shown_as_text_and_kept_as_one_line(login, hear, corrections) -> None:
    hear(HOSTILE, "a" * 1500, "x\ny\x00z\u2028w")
    staff = login("reviewer")
    pages = [
        staff.get(f"/phrases/groupe/{heard_digest(text)}").get_data(as_text=True) for text in (HOSTILE, "a" * 1500, "x\ny\x00z\u2028w")
    ]
    pages.append(staff.get("/phrases/").get_data(as_text=True))
    assert not any("<script>alert" in page or "49" in re.findall(r'class="said">([^<]*)<', page) for page in pages)
    assert "&lt;script&gt;alert(1)" in pages[0]
    reader = login("reader").get(f"/phrases/groupe/{heard_digest(HOSTILE)}").get_data(as_text=True)
    assert "<script>alert" not in reader
    assert "&lt;script&gt;alert(1)" in reader
    assert "\u202e" not in re.search(r"<textarea[^>]*>\n(.*?)</textarea>", pages[0], re.DOTALL)[1]
    answer = _decide(staff, HOSTILE, label="greet", confirmed=heard_digest(HOSTILE))
    assert answer.status_code == 303, re.findall(r'class="said">([^<]*)<', answer.get_data(as_text=True))
    (kept,) = corrections()
    assert "\u202e" not in kept.sentence
    patch = staff.post_form("/phrases/exportation", page="/phrases/decisions").get_data(as_text=True)
    assert "+      - <script>alert(1)</script>" in patch


def test_what_waits_is_told_on_the_first_page_to_those_who_mend(login, hear) -> None:
    hear("jusqu'où le fonds embarque", "patate poil")
    staff = login("reviewer")
    assert re.search(r"<strong>2</strong>\s+phrases à réparer", _page(staff, "/"))
    _decide(staff, "jusqu'où le fonds embarque", label="ask_amount")
    page = _page(staff, "/")
    assert re.search(r"<strong>1</strong>\s+phrase à réparer", page)
    assert re.search(r"<strong>1</strong>\s+phrase acceptée à exporter", page)
    assert "à réparer</a>" not in _page(login("reader"), "/").replace("Phrases à réparer</a>", "")
