"""The inbox in the console: its filters, its list, its queues and views, and what is done to several conversations at once."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from made import NOON, make, turn
from reviewed import PROJECT, fill_directory, noted, row_of, talk
from sqlalchemy import delete, text
from staff import OURS, Staff
from tables import with_tables

from console.databases import Databases
from journal.models import Conversation
from journal.reviewing import put_tag, tags_of
from journal.told import NOT_UNDERSTOOD, NOTHING_NEAR


@pytest.fixture
def journal_url(new_database: Callable[[], str]) -> str:
    """A journal of each kind."""
    return with_tables(new_database())


@pytest.fixture
def ids(bases: Databases) -> dict[str, int]:
    """Conversations by a letter: a with everything, b nothing found, c not understood."""
    fill_directory(bases)
    with bases.journal.writing.begin() as session:
        return {
            "a": talk(session),
            "b": make(session, "b", turn("du mentorat", "find_support", came_of=NOTHING_NEAR, profile={**PROJECT, "need": "mentorat"})),
            "c": make(session, "c", turn("hypothèque [TELEPHONE_1]", came_of=NOT_UNDERSTOOD), channel="messenger"),
        }


@pytest.fixture
def marie(ids: dict[str, int], login: Callable[..., Staff]) -> Staff:
    """Someone who reviews."""
    return login("reviewer", username="marie")


def text_of(page: str) -> str:
    """Return what a page says, its blanks made one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def found(staff: Staff, query: str = "") -> list[int]:
    """Return the ids of the conversations that a page lists."""
    answer = staff.get(f"/conversations/{query}", follow_redirects=True)
    assert answer.status_code == 200
    return [int(id) for id in re.findall(r'name="id" value="(\d+)"', answer.get_data(as_text=True))]


def test_a_row_says_what_a_conversation_was(marie: Staff, ids: dict[str, int]) -> None:
    told = text_of(marie.get("/conversations/").get_data(as_text=True))
    for words in (
        "Non lue. une coop à Louiseville, écrivez à [courriel masqué]",
        "Organismes proposés Louiseville financement site web 3 messages",
        "non lue pas comprise réponse manquante panne pouce vers le bas 20 nov., 12 h 00 à revoir",
        "Rien trouvé Louiseville mentorat",
    ):
        assert words in told, words


def test_the_form_leads_to_an_address_that_says_the_filters_and_nothing_else(marie: Staff, ids: dict[str, int]) -> None:
    form = "words=&status=to_review&since=&until=&place_name=&place=&place_name_was=&actor_name=&need=mentorat&order=newest&below="
    answer = marie.get(f"/conversations/?{form}")
    assert (answer.status_code, answer.location) == (303, "/conversations/?status=to_review&need=mentorat")
    assert found(marie, "?status=to_review&need=mentorat") == [ids["b"]]


def test_each_filter_that_is_on_may_be_taken_away(marie: Staff, ids: dict[str, int]) -> None:
    page = marie.get("/conversations/?words=coop&place=mrc:mrc-maskinonge&actor=risq&below=70&fallback=1&assignee=@nobody").get_data(
        as_text=True
    )
    chips = page.split('aria-label="Filtres actifs"')[1].split("</ul>")[0]
    told = "Mots : coop × Lieu : MRC de Maskinongé × Organisme proposé : Réseau d’investissement social du Québec × Lecture sous : 70 % × "
    assert told + "Pas comprise × Assignée à : personne ×" in text_of(chips)
    without = [unescape(url) for url in re.findall(r'href="([^"]+)"', chips)]
    assert without[0] == "/conversations/?place=mrc%3Amrc-maskinonge&actor=risq&below=70&fallback=1&assignee=%40nobody"
    assert all(found(marie, url.removeprefix("/conversations/")) == [ids["a"]] for url in without)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("Louiseville", "place=municipality%3A51015"),
        ("louisville", "place=municipality%3A51015"),
        ("mauricie", "place=region%3AR04"),
        ("MRC de Maskinongé", "place=mrc%3Amrc-maskinonge"),
    ],
)
def test_a_place_is_asked_by_its_name(marie: Staff, typed: str, query: str) -> None:
    assert marie.get("/conversations/", query_string={"place_name": typed}).location == f"/conversations/?{query}"


def test_a_name_that_stands_for_several_places_is_asked_about_and_one_for_none_is_told(marie: Staff) -> None:
    page = marie.get("/conversations/", query_string={"place_name": "maskinonge", "need": "mentorat"}).get_data(as_text=True)
    assert "Plusieurs lieux répondent au nom « maskinonge ». Lequel?" in text_of(page)
    offered = {unescape(url) for url in re.findall(r'href="(/conversations/\?[^"]*place=[^"]+)"', page)}
    assert offered == {f"/conversations/?place={code}&need=mentorat" for code in ("mrc%3Amrc-maskinonge", "municipality%3A51020")}
    none = marie.get("/conversations/", query_string={"place_name": "Atlantide", "actor_name": "Nemo"}).get_data(as_text=True)
    assert "Aucun lieu de l’annuaire ne répond au nom « Atlantide »" in text_of(none)
    assert "Aucun organisme de l’annuaire ne répond au nom « Nemo »" in text_of(none)


def test_an_organisation_is_asked_by_its_name_or_its_short_one(marie: Staff, ids: dict[str, int]) -> None:
    for typed in ("RISQ", "réseau d'investissement social du québec", "investissement social"):
        assert marie.get("/conversations/", query_string={"actor_name": typed}).location == "/conversations/?actor=risq"
    assert found(marie, "?actor=risq") == [ids["a"]]
    page = marie.get("/conversations/organismes?actor_name=coop").get_data(as_text=True)
    assert page.strip() == '<option value="Coopérative de développement"></option>'
    assert "Louiseville (ville, MRC de Maskinongé, Mauricie)" in marie.get("/conversations/lieux?place_name=louise").get_data(as_text=True)


def test_a_name_that_the_form_gives_back_is_not_looked_up_again_and_an_empty_one_takes_the_filter_away(marie: Staff) -> None:
    given = {"place": "mrc:mrc-maskinonge", "place_name": "MRC de Maskinongé", "place_name_was": "MRC de Maskinongé"}
    assert marie.get("/conversations/", query_string=given).location == "/conversations/?place=mrc%3Amrc-maskinonge"
    assert marie.get("/conversations/", query_string={**given, "place_name": ""}).location == "/conversations/"
    assert (
        marie.get("/conversations/", query_string={**given, "place_name": "Louiseville"}).location
        == "/conversations/?place=municipality%3A51015"
    )


def test_a_filter_that_cannot_be_is_told_and_the_others_hold(marie: Staff, ids: dict[str, int]) -> None:
    page = marie.get("/conversations/?status=fini&below=abc&need=mentorat&channel=pigeon").get_data(as_text=True)
    assert "Mis de côté, faute d’être compris : État « fini », Canal « pigeon », Lecture sous « abc »." in text_of(page)
    assert re.findall(r'name="id" value="(\d+)"', page) == [str(ids["b"])]


def test_a_script_gets_the_list_alone_and_the_browser_s_own_history_the_page(marie: Staff) -> None:
    answer = marie.get("/conversations/?need=mentorat&words=", headers={"HX-Request": "true"})
    assert answer.headers["HX-Push-Url"] == "/conversations/?need=mentorat"
    assert "<html" not in answer.get_data(as_text=True)
    assert '<p id="told" hx-swap-oob="innerHTML">1\u00a0conversation</p>' in answer.get_data(as_text=True)
    again = marie.get("/conversations/?need=mentorat", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in again.get_data(as_text=True)


def test_pages_lead_to_one_another_under_the_same_filters(marie: Staff, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        made = [make(session, f"p{number}", turn("coop"), at=NOON - timedelta(days=1, minutes=number)) for number in range(120)]
    seen, query = [], "?words=coop&status=to_review"
    for _ in range(3):
        page = marie.get(f"/conversations/{query}").get_data(as_text=True)
        seen += re.findall(r'name="id" value="(\d+)"', page)
        older = re.search(r'<a href="([^"]+)" rel="next"', page)
        query = unescape(older[1]).removeprefix("/conversations/") if older else query
    assert seen[1:] == [str(id) for id in made]
    newer = re.search(r'<a href="([^"]+)" rel="prev"', page)
    assert newer is not None
    assert found(marie, unescape(newer[1]).removeprefix("/conversations/")) == [int(id) for id in seen[50:100]]


def test_several_conversations_are_changed_at_once(
    marie: Staff, ids: dict[str, int], bases: Databases, add_account: Callable[..., str]
) -> None:
    add_account("paul", "reader")
    two = [str(ids["a"]), str(ids["b"])]
    for form in ({"do": "status", "status": "later"}, {"do": "tag", "tag": "À voir"}, {"do": "assign", "assignee": "paul"}):
        answer = marie.post_form("/conversations/lot?status=to_review", {"id": two, **form})
        assert answer.location == "/conversations/?status=to_review"
    assert [(row_of(bases, id).status, row_of(bases, id).assignee) for id in ids.values()] == [("later", "paul")] * 2 + [
        ("to_review", None)
    ]
    with bases.journal.reading() as session:
        assert tags_of(session, [*ids.values()]) == {ids["a"]: ["à voir"], ids["b"]: ["à voir"]}
    assert [subject for action, subject, _ in noted(bases) if action == "conversation.tag"] == two


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"do": "status", "status": "done"}, "Cochez d’abord"),
        ({"do": "status", "status": "fini", "id": "all"}, "Choisissez l’état"),
        ({"do": "tag", "tag": " ", "id": "all"}, "Écrivez l’étiquette"),
        ({"do": "tag", "tag": "x" * 49, "id": "all"}, "trop longue"),
        ({"do": "assign", "assignee": "nestor", "id": "all"}, "Choisissez la personne"),
        ({"id": "all"}, "Choisissez ce qu’il faut faire"),
        ({"do": "status", "status": "done", "id": ["0", "-1", "x", "9" * 30, "9" * 5000, "999"]}, "Cochez d’abord"),
    ],
)
def test_what_cannot_be_done_to_several_is_told_and_changes_none(
    marie: Staff, ids: dict[str, int], bases: Databases, form: dict[str, object], told: str
) -> None:
    asked = {**form, "id": [str(id) for id in ids.values()]} if form.get("id") == "all" else form
    page = marie.post_form("/conversations/lot", asked, follow_redirects=True).get_data(as_text=True)
    assert told in page
    assert [row_of(bases, id).version for id in ids.values()] == [0, 0, 0]


def test_several_conversations_are_changed_all_or_none(marie: Staff, ids: dict[str, int], bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        for number in range(20):
            put_tag(session, ids["b"], f"t{number}")
    form = {"do": "tag", "tag": "neuve", "id": [str(ids["a"]), str(ids["b"])]}
    assert "déjà 20\u00a0étiquettes" in marie.post_form("/conversations/lot", form, follow_redirects=True).get_data(as_text=True)
    with bases.journal.reading() as session:
        assert tags_of(session, [ids["a"]]) == {}
    assert [each for each in noted(bases) if each[0] == "conversation.tag"] == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_conversation_that_is_being_erased_is_not_changed(marie: Staff, ids: dict[str, int], bases: Databases) -> None:
    form = {"csrf_token": marie.token("/conversations/"), "do": "tag", "tag": "neuve", "id": [str(ids["c"])]}
    with ThreadPoolExecutor(1) as other, bases.journal.writing() as session:
        session.execute(delete(Conversation).where(Conversation.id == ids["c"]))
        asked = other.submit(marie.post, "/conversations/lot", data=form, headers=OURS)
        _until_one_waits(bases)
        session.commit()
        assert asked.result(timeout=10).status_code == 303
    assert "Cochez d’abord" in marie.get("/conversations/").get_data(as_text=True)


def _until_one_waits(bases: Databases) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    for _ in range(500):
        with bases.journal.engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_the_queues_say_how_many_they_hold(marie: Staff, ids: dict[str, int], bases: Databases) -> None:
    told = text_of(marie.get("/conversations/").get_data(as_text=True))
    assert "Pas comprises 2 Pouces vers le bas 1 Rien trouvé 1 Recherche abandonnée 0 Réponse manquante 1 Échantillon au hasard" in told
    with bases.journal.writing.begin() as session:
        for number in range(120):
            make(session, f"q{number}", turn("xyz", came_of=NOT_UNDERSTOOD))
    assert "Pas comprises plus de 99 99+" in text_of(marie.get("/conversations/").get_data(as_text=True))


def test_what_waits_for_somebody_is_told_on_the_first_page(marie: Staff, ids: dict[str, int], login: Callable[..., Staff]) -> None:
    told = text_of(marie.get("/").get_data(as_text=True))
    assert "2 conversations : pas comprises" in told
    assert "1 conversation : pouces vers le bas" in told
    assert "pas comprises" not in text_of(login("editor").get("/").get_data(as_text=True))


def test_a_view_is_kept_found_again_and_deleted_by_its_author(marie: Staff, login: Callable[..., Staff], ids: dict[str, int]) -> None:
    paul = login("reader", username="paul")
    marie.post_form("/conversations/vues?need=mentorat&words=l%27eau", {"name": "Mentorat", "shared": "1"})
    paul.post_form("/conversations/vues?unread=1", {"name": "À moi", "shared": "1"})
    page = marie.get("/conversations/").get_data(as_text=True)
    assert 'href="/conversations/?words=l%27eau&amp;need=mentorat"' in page
    assert "À moi" not in page, "who reads only shares nothing"
    seen_by_paul = text_of(paul.get("/conversations/").get_data(as_text=True))
    assert "Mentorat (de Marie )" in seen_by_paul
    number = re.search(r"/conversations/vues/(\d+)/suppression", page)
    assert number is not None
    assert paul.post_form(f"/conversations/vues/{number[1]}/suppression").status_code == 404
    assert marie.post_form(f"/conversations/vues/{number[1]}/suppression").status_code == 303
    assert "Mentorat" not in paul.get("/conversations/").get_data(as_text=True).split("<main")[1].split("</nav>")[1]
    assert "Choisissez d’abord" in marie.post_form("/conversations/vues", {"name": "Rien"}, follow_redirects=True).get_data(as_text=True)


def test_a_shared_view_whose_author_is_gone_is_deleted_by_who_reviews(
    marie: Staff, login: Callable[..., Staff], ids: dict[str, int]
) -> None:
    gone = login("reviewer", username="ancien")
    gone.post_form("/conversations/vues?need=mentorat", {"name": "Partagée", "shared": "1"})
    gone.post_form("/conversations/vues?unread=1", {"name": "À lui"})
    own, shared = sorted(_may_delete(gone), key=lambda address: address not in _may_delete(marie), reverse=True)
    reader = login("reader")
    assert (_may_delete(reader), _may_delete(marie)) == ([], [shared])
    assert reader.post_form(shared).status_code == 404
    assert marie.post_form(own).status_code == 404
    assert marie.post_form(shared).status_code == 303
    assert _may_delete(gone) == [own]


def _may_delete(staff: Staff) -> list[str]:
    """Return the addresses that delete the views of the list."""
    return re.findall(r"/conversations/vues/\d+/suppression", staff.get("/conversations/").get_data(as_text=True))


def test_a_search_is_in_the_trail_by_the_names_of_its_filters_and_never_by_its_words(marie: Staff, bases: Databases) -> None:
    marie.get("/conversations/?words=ma+maladie&need=mentorat&tag=secret")
    marie.get("/conversations/")
    assert noted(bases) == [
        ("conversation.search", "", "recherche par mots, besoin, étiquette"),
        ("conversation.search", "", "aucun filtre"),
    ]


def test_who_reads_only_ticks_nothing(ids: dict[str, int], login: Callable[..., Staff]) -> None:
    page = login("reader").get("/conversations/").get_data(as_text=True)
    assert "hypothèque" in page
    assert 'type="checkbox" name="id"' not in page
    assert "Conversations cochées" not in page
