"""What the mending pages know of sentences: read quickly, gathered by likeness, and advised on before they are accepted."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.nlu.noise import strip_accents, typos
from bot.nlu.sentences import read_sentences
from console.mending.advice import LONG, LONGEST, Desk, advise, cleaned
from console.mending.intents_told import NAMES, WANTS
from console.mending.labels import Label, are_neighbours, labels_of, neighbours_of_topics, search
from console.mending.likeness import groups
from console.mending.names import probable_names
from console.mending.sentences import Sentences, Shelf, UnreadableSentences
from journal.corrections import sentence_key
from journal.personal import mask

ROOT = Path(__file__).resolve().parents[2]
PLACES = {"gaspe", "trois", "rivieres", "sainte", "marie", "fondaction", "desjardins"}


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(ROOT)


@pytest.fixture(scope="module")
def known(shelf: Shelf) -> Sentences:
    return shelf.sentences()


@pytest.fixture(scope="module")
def labels(known: Sentences) -> dict[str, Label]:
    beside = neighbours_of_topics(ROOT / "data/nlu", known.labels)
    topics = {"risq_taux": ("Le taux du RISQ", "Quel est le taux d’intérêt du RISQ?")}
    return labels_of(known.labels, known.examples, known.registry, topics, beside)


@pytest.fixture(scope="module")
def desk(known: Sentences, labels: dict[str, Label]) -> Desk:
    return Desk(known, labels, mask, [("on voudrait savoir le montant qui dort chez vous", "ask_amount")], PLACES)


@pytest.fixture(scope="module")
def codes(desk: Desk) -> Callable[[str, str], dict[str, bool]]:
    """codes(sentence, label): the advice given, each with whether it forbids."""
    return lambda sentence, label: {each.code: each.forbids for each in advise(desk, cleaned(sentence), label)}


# Reading.


def test_the_console_reads_the_sentences_that_the_training_reads(known: Sentences) -> None:
    assert sorted(known.pairs) == sorted(read_sentences(ROOT / "data/nlu"))


def test_every_sentence_that_examines_is_known(known: Sentences) -> None:
    unseen = {sentence_key(text) for text, _ in read_sentences(ROOT / "tests/nlu")}
    assert unseen <= known.examined.keys()
    assert known.examined[sentence_key("écrivez-moi à marie.tremblay@exemple.ca")] == "tests/conversations/personal_data.yml"
    assert "allo" not in known.examined
    assert any(file.startswith("tests/practice/") for file in known.examined.values())
    assert any(file.startswith("tests/conversations/unheld/") for file in known.examined.values())


def test_files_are_read_again_when_one_changes_and_only_then(tmp_path: Path) -> None:
    file = tmp_path / "data/nlu/intents/greet.yml"
    file.parent.mkdir(parents=True)
    file.write_text("nlu:\n  - intent: greet\n    examples: |\n      - bonjour\n", encoding="utf-8")
    shelf = Shelf(tmp_path)
    first = shelf.sentences()
    assert shelf.sentences() is first
    file.write_text(file.read_text(encoding="utf-8") + "      - allo toi\n", encoding="utf-8")
    assert shelf.sentences().pairs == (("bonjour", "greet"), ("allo toi", "greet"))
    stat = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace("allo toi", "allo moi"), encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert shelf.sentences().pairs[1] == ("allo moi", "greet")


@pytest.mark.parametrize("content", ["nlu: [", "- 3", "nlu:\n  - intent: greet\n", "nlu:\n  - examples: |\n      - a\n", "\udcff"])
def test_a_file_that_is_not_of_sentences_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "data/nlu/intents/greet.yml"
    file.parent.mkdir(parents=True)
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UnreadableSentences, match="greet.yml"):
        Shelf(tmp_path).sentences()


def test_without_any_sentence_it_is_said_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSentences, match="data/nlu"):
        Shelf(tmp_path).sentences()


# Labels.


def test_every_intent_has_a_name_and_a_meaning_in_french(known: Sentences) -> None:
    nameless = [code for code, entry in known.registry.items() if not entry.get("label") and code not in NAMES]
    assert (nameless, sorted(known.registry.keys() ^ WANTS.keys())) == ([], [])


def test_a_label_is_found_by_name_meaning_example_code_and_with_a_slip(labels: dict[str, Label]) -> None:
    first = {
        asked: search(labels, asked)[0].code for asked in ("ask_amount", "conditons", "taux du risq", "insulte le robot", "FCIC maximum")
    }
    assert first == {
        "ask_amount": "ask_amount",
        "conditons": "ask_conditions",
        "taux du risq": "ask_topic/risq_taux",
        "insulte le robot": "insult",
        "FCIC maximum": "ask_amount",
    }
    assert search(labels, "  ") == []
    assert search(labels, "zzzzzzzz") == []
    assert len(search(labels, "le", most=3)) == 3


def test_neighbours_are_those_of_the_registry_and_of_the_topics_files(labels: dict[str, Label]) -> None:
    assert are_neighbours(labels, "ask_amount", "ask_cost")
    assert are_neighbours(labels, "ask_topic/fiducie_taux", "ask_topic/risq_taux")
    assert are_neighbours(labels, "ask_topic/cdc_role", "ask_unheld"), "a neighbour may be a whole family of labels"
    assert not are_neighbours(labels, "greet", "ask_amount")


# Likeness.


def test_rewordings_are_gathered_and_other_sentences_kept_apart(known: Sentences) -> None:
    chance = random.Random(3)
    chosen = chance.sample([text for text, _ in known.pairs if 20 < len(text) < 80], 60)
    said = [version for text in chosen for version in (text, strip_accents(text), typos(text, chance), f"{text} svp")]
    owner = {number: number // 4 for number in range(len(said))}
    found = groups([sentence_key(text) for text in said])
    mixed = [members for members in found if len({owner[each] for each in members}) > 1]
    whole = [members for members in found if len(members) == 4 and members not in mixed]
    assert sorted(each for members in found for each in members) == list(range(len(said)))
    assert len(whole) >= 54
    assert len(mixed) <= 2


def test_the_same_sentences_give_the_same_groups(known: Sentences) -> None:
    keys = [sentence_key(text) for text, _ in known.pairs[:400]]
    assert groups(keys) == groups(keys)


@pytest.mark.parametrize("keys", [[], ["", ""], ["a"], ["allo", "allo", ""], ["é" * 3000, "😀"]])
def test_odd_sentences_are_gathered_too(keys: list[str]) -> None:
    assert sorted(each for members in groups(keys) for each in members) == list(range(len(keys)))


def test_the_nearest_sentences_have_mostly_the_right_label(known: Sentences) -> None:
    unseen = random.Random(5).sample(sorted(read_sentences(ROOT / "tests/nlu/development")), 200)
    owners = list(known.owners.values())
    found = known.nearest([sentence_key(text) for text, _ in unseen], 5)
    right = sum(label in {owners[number][1] for number, _ in near} for near, (_, label) in zip(found, unseen, strict=True))
    assert right >= 160


# Advice.


def test_a_new_sentence_under_the_right_label_goes_through(codes: Callable) -> None:
    assert codes("jusqu'à quelle hauteur le fonds embarque dans nos affaires", "ask_amount") == {}


@pytest.mark.parametrize(
    "sentence", ["Quel est le montant maximum au FCIC", "quel est le montant MAXIMUM, au fcic?!", "  quel est le montant maximum au FCIC "]
)
def test_a_sentence_that_is_there_however_spelt_is_refused(codes: Callable, sentence: str) -> None:
    assert codes(sentence, "ask_amount") == {"there": True}


def test_a_sentence_accepted_meanwhile_is_there_too(codes: Callable) -> None:
    assert codes("On voudrait savoir le montant qui dort chez vous?", "ask_amount") == {"there": True}
    assert codes("On voudrait savoir le montant qui dort chez vous?", "ask_cost") == {"elsewhere": True}
    assert codes("on voudrait savoir le montant qui dort chez nous", "ask_amount") == {"adds_nothing": False}


def test_a_sentence_of_another_label_is_refused_and_the_label_named(desk: Desk) -> None:
    (told,) = advise(desk, "c'est quoi le taux d'intérêt", "ask_cost")
    assert told.forbids
    assert "Le taux d’intérêt" in told.told
    assert "voisines" in told.told


def test_nearly_the_same_under_another_label_contradicts(desk: Desk, codes: Callable) -> None:
    assert codes("c'est quoi les taux d'intérêt", "ask_conditions") == {"contradicts": False}
    (told,) = [each for each in advise(desk, "c'est quoi les taux d'intérêt", "ask_conditions") if each.code == "contradicts"]
    assert "Le taux d’intérêt" in told.told


def test_nearly_the_same_under_its_label_adds_nothing(codes: Callable) -> None:
    assert codes("quels sont les montants maximums au FCIC", "ask_amount").get("adds_nothing") is False


@pytest.mark.parametrize("folder", ["nlu/examination", "nlu/development"])
def test_no_sentence_of_the_tests_ever_trains(codes: Callable, folder: str) -> None:
    for text, label in list(read_sentences(ROOT / "tests" / folder))[::97]:
        assert codes(f"{text.upper()}!", label)["examined"] is True


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("écrivez-moi à lea@coop.example", "personal"),
        ("mon tel c'est le 418 555-0134", "personal"),
        ("mon NAS 046 454 286", "personal"),
        ("on est au 123 rue Principale", "personal"),
        ("rappelez au [TELEPHONE_1] svp", "mark"),
        ("on est à [CODE_POSTAL G1R] avec [COURRIEL_2]", "mark"),
    ],
)
def test_personal_data_and_its_marks_are_refused_until_edited(codes: Callable, sentence: str, code: str) -> None:
    assert codes(sentence, "inform")[code] is True


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("je m'appelle zébulon pis je cherche un mentor", ["zébulon"]),
        ("Gisèle Tremblay cherche un mentor à Gaspé", ["Gisèle", "Tremblay"]),
        ("mme ladouceur de la coop m'a dit d'écrire", ["ladouceur"]),
        ("on m'a dit que Kassandra pouvait nous aider", ["Kassandra"]),
        ("julie tremblay nous doit de l'argent", ["julie", "tremblay"]),
    ],
)
def test_what_looks_like_a_name_is_shown_and_forbids_nothing(desk: Desk, codes: Callable, sentence: str, names: list[str]) -> None:
    assert probable_names(sentence, desk.sentences.ordinary, PLACES) == names
    assert codes(sentence, "find_support/mentorat").get("name") is False


@pytest.mark.parametrize(
    "sentence",
    [
        "On est à Trois-Rivières",
        "Fondaction, Desjardins: lequel",
        "notre coop de la rue Marie-Victorin",
        "l'école est à Sainte-Marie",
        "Combien ça coûte? Est-ce payant",
        "LE RISQ PRÊTE COMBIEN",
    ],
)
def test_places_organisations_and_everyday_words_are_no_names(desk: Desk, sentence: str) -> None:
    assert probable_names(sentence, desk.sentences.ordinary, PLACES) == []


def test_few_ordinary_sentences_are_suspected_of_a_name(known: Sentences) -> None:
    some = random.Random(1).sample(sorted(known.pairs), 2_000)
    suspected = [text for text, _ in some if probable_names(text, known.ordinary, PLACES)]
    assert len(suspected) / len(some) < 0.12  # without the names of the directory, which the console adds


def test_long_foreign_empty_and_annotated_sentences_are_told(codes: Callable) -> None:
    words = "est-ce que notre coopérative peut avoir de l'argent pour sa cuisine "
    assert codes((words * 9)[: LONG + 40], "ask_eligibility").get("long") is False
    assert codes((words * 9)[: LONGEST + 40], "ask_eligibility")["too_long"] is True
    assert codes("xkcd brrrz zzzk flubz", "greet") == {"not_french": False}
    assert codes("give me xkcd brrrz zzzk", "speak_english") == {}
    assert codes("😀 !!!", "greet")["empty"] is True
    assert codes("le [FCIC](fonds) prête combien", "ask_amount")["annotated"] is True


@pytest.mark.parametrize("label", ["", "nlu_fallback", "ask_topic/nothing", "<script>"])
def test_a_label_that_is_not_in_the_training_is_refused(codes: Callable, label: str) -> None:
    assert codes("une question bien neuve sur le fonds", label)["no_label"] is True


def test_what_no_file_of_sentences_holds_is_taken_out() -> None:
    assert cleaned("  deux\nlignes\u2028ou\x85trois\tet\u202e du\u200b bidi\ud800\x00\ufffe ") == "deux lignes ou trois et du bidi"
    assert cleaned("l’été à Montréal 😀") == "l’été à Montréal 😀"
