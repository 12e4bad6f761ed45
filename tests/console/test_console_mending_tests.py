"""A conversation becomes a test that the runner of tests/conversations loads, or staff are told why it does not."""

import importlib.util
import shutil
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from clocks import Clock
from made import make, turn
from staff import Staff

from console.databases import Databases
from console.mending.scenario import NoTest, Step, name_of_test, proposed_name, scenario
from journal.personal import mask

ROOT = Path(__file__).resolve().parents[2]
CARDS = [{"name": "Pôle d’économie sociale de la Mauricie (PÉSM)", "actor": "pole"}, {"name": "Évol", "actor": "evol"}]
INTRODUCTION = "Je suis Aiguilleur, un robot. Je masque les renseignements personnels."
SEARCH = [
    Step("greeting", "", None, None, [{"text": "Bonjour!", "buttons": ["Trouver un mentor", "Trouver du financement"]}]),
    Step(
        "text",
        "on cherche un mentor à Louiseville",
        "find_support/mentorat",
        0.91,
        [{"text": INTRODUCTION}, {"text": "C’est noté.", "cards": CARDS, "buttons": ["Trouver du financement"]}],
    ),
    Step("choice", "Trouver du financement", None, None, [{"text": "Combien d’argent vous faut-il? (environ 40 000 $)"}]),
    Step("text", "oui: 40 000 $ # bref, 'tout'", "inform", 0.4, [{"text": "Voici.\nLe RISQ prête à partir de 20 000 $."}]),
]


def _made(steps: list[Step], name: str = "a_name") -> str:
    return scenario(name, steps, lambda label: f"nom de {label}", mask, 12)


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[str], ModuleType]:
    """loaded(text): the runner of the conversations, over a folder that holds this test alone."""

    def _loaded(text: str) -> ModuleType:
        shutil.copy(ROOT / "tests/conversations/test_conversations.py", tmp_path)
        (tmp_path / "made.yml").write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("made_conversations", tmp_path / "test_conversations.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return _loaded


def test_the_runner_loads_the_test_and_finds_it_well_written(loaded, folded) -> None:
    runner = loaded(_made(SEARCH))
    runner.test_the_files_are_well_written(folded)
    ((_, one),) = runner.CONVERSATIONS
    assert one == {
        "name": "a_name",
        "turns": [
            {"say": "on cherche un mentor à Louiseville", "shows": [r"pole d'economie sociale de la mauricie \(pesm\)", "evol"]},
            {"press": "Trouver du financement", "shows": [r"combien d'argent vous faut-il\?"]},
            {"say": "oui: 40 000 $ # bref, 'tout'", "shows": ["voici"]},
        ],
    }


def test_what_was_shown_passes_the_test_and_something_else_fails_it(loaded, folded) -> None:
    class Shown:
        replies, cards, intent = [], [], {}

        def __init__(self, text: str) -> None:
            self.folded = folded(text)

    runner = loaded(_made(SEARCH))
    turns = runner.CONVERSATIONS[0][1]["turns"]
    shown = "Pôle d’économie sociale de la Mauricie (PÉSM), Évol"
    assert runner._wrong(turns[0], Shown(shown)) == []
    assert len(runner._wrong(turns[0], Shown("autre chose"))) == 2


def test_staff_read_how_each_sentence_was_understood(loaded) -> None:
    made = _made(SEARCH)
    assert "# lu comme\u00a0: nom de find_support/mentorat (find_support/mentorat, sûr à 91\u00a0%)" in made
    assert made.startswith("# D’après la conversation 12 du journal.")


def test_a_conversation_begun_again_is_tried_from_there(loaded) -> None:
    steps = [*SEARCH, Step("restart", "", None, None, []), Step("text", "allo toi", "greet", 0.9, [{"text": "Bonjour."}])]
    assert [turn["say"] for turn in yaml.safe_load(_made(steps))[0]["turns"]] == ["allo toi"]
    assert proposed_name(steps, 7) == "conversation_7_allo_toi"


def test_a_button_that_was_not_the_last_shown_is_typed(loaded) -> None:
    """The buttons of the greeting, which the runner does not show, and those of a menu."""
    steps = [SEARCH[0], Step("choice", "Trouver un mentor", None, None, [{"text": "Où êtes-vous?"}])]
    assert yaml.safe_load(_made(steps))[0]["turns"] == [{"say": "Trouver un mentor", "shows": [r"ou etes-vous\?"]}]


@pytest.mark.parametrize(
    "text",
    [
        "écrivez-moi à lea@coop.example",
        "mon tel c'est le 418 555-0134",
        "rappelez [TELEPHONE_1]",
        "on est à [CODE_POSTAL G1R]",
        "mon NAS 046 454 286",
    ],
)
@pytest.mark.parametrize("kind", ["text", "choice"])
def test_personal_data_even_masked_makes_no_test(text: str, kind: str) -> None:
    with pytest.raises(NoTest, match="L’étape 2 contient un renseignement personnel"):
        _made([SEARCH[1], Step(kind, text, "inform", 0.9, [{"text": "Merci."}])])


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([], "Il ne reste rien"),
        ([SEARCH[0]], "Il ne reste rien"),
        ([Step("text", "", None, None, [{"text": "Bonjour"}])], "Il ne reste rien"),
        ([SEARCH[1], Step("text", " ", None, None, [{"text": "Bonjour"}])], "étape 2"),
        ([Step("text", "allo", "greet", 0.9, [])], "pas de réponse"),
        ([Step("text", "allo", "greet", 0.9, [{"text": INTRODUCTION.split(".")[0]}])], "pas de réponse"),
    ],
)
def test_a_conversation_with_nothing_to_try_makes_no_test(steps: list[Step], told: str) -> None:
    with pytest.raises(NoTest, match=told):
        _made(steps)


HOSTILE = [
    "- name: x\n  turns: []",
    "yes",
    "123",
    "null",
    "{a: b} [c] *d &e !f %g @h `i",
    "\u202e<script>alert(1)</script>",
    "(?P<x>.*)+$ \\d [^a]",
    "'\"\t: #",
    "😀 ½ ™ №",
    "a" * 1500,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_make_a_file_that_loads_and_says_the_same(loaded, folded, text: str) -> None:
    steps = [Step("text", text, "x\n  - y", 0.5, [{"text": text}]), Step("text", "allo", "greet", 0.5, [{"text": f"Voici {text}"}])]
    runner = loaded(_made([*steps, SEARCH[2]]))
    runner.test_the_files_are_well_written(folded)
    ((_, one),) = runner.CONVERSATIONS
    assert one["turns"][0]["say"] == " ".join(text.split())
    assert len(one["turns"]) == 3


def test_names_of_tests_hold_small_letters_digits_and_underscores() -> None:
    assert name_of_test("Où est l’argent? (2e fois)") == "ou_est_l_argent_2e_fois"
    assert name_of_test("../../etc/passwd") == "etc_passwd"
    assert name_of_test("😀") == ""
    assert len(name_of_test("mot " * 50)) <= 60


# The pages.


@pytest.fixture
def conversation(bases: Databases, clock: Clock) -> Callable[..., int]:
    """conversation(steps): its number."""

    def _write(steps: list[Step]) -> int:
        turns = [turn(step.text, step.label, kind=step.kind, confidence=step.confidence, replies=_numbered(step)) for step in steps]
        with bases.journal.writing.begin() as session:
            return make(session, "a conversation", *turns, at=clock() - timedelta(hours=1))

    def _numbered(step: Step) -> list[dict[str, object]]:
        return [{"seq": number, **each} for number, each in enumerate(step.replies, 100)]

    return _write


def test_one_click_downloads_the_test_under_a_name(login: Callable[..., Staff], conversation, loaded, folded) -> None:
    number, staff = conversation(SEARCH), login("reviewer")
    answer = staff.post_form(f"/phrases/test/{number}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=conversation_1_on_cherche_un_mentor_a_louiseville.yml"
    runner = loaded(answer.get_data(as_text=True))
    runner.test_the_files_are_well_written(folded)
    named = staff.post_form(f"/phrases/test/{number}", {"name": "Un mentor, là"})
    assert "filename=un_mentor_la.yml" in named.headers["Content-Disposition"]
    assert "- name: un_mentor_la" in named.get_data(as_text=True)


def test_the_test_is_shown_before_with_what_looks_like_a_name(login: Callable[..., Staff], conversation) -> None:
    number = conversation([*SEARCH, Step("text", "mon voisin Zébulon Tremblay veut un mentor", "inform", 0.5, [{"text": "C’est noté."}])])
    page = unescape(login("reader").get(f"/phrases/test/{number}").get_data(as_text=True))
    assert "- press: Trouver du financement" in page
    assert "Zébulon, Tremblay" in page
    assert "Télécharger le test" not in page


def test_personal_data_is_refused_on_the_page_and_no_file_is_given(login: Callable[..., Staff], conversation) -> None:
    number = conversation([SEARCH[1], Step("text", "rappelez [TELEPHONE_1]", "inform", 0.5, [{"text": "Non."}])])
    staff = login("reviewer")
    for answer in (staff.get(f"/phrases/test/{number}"), staff.post_form(f"/phrases/test/{number}")):
        assert answer.status_code == 422
        assert "Content-Disposition" not in answer.headers
        assert "renseignement personnel, même masqué" in unescape(answer.get_data(as_text=True))


def test_a_conversation_that_is_gone_and_a_reader_get_no_file(login: Callable[..., Staff], conversation) -> None:
    number = conversation(SEARCH)
    assert login("reviewer").post_form("/phrases/test/999").status_code == 404
    assert login("reader").post_form(f"/phrases/test/{number}").status_code == 403
