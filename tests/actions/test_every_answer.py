"""Properties of every reply: short enough for a bubble, sourced, typographic, with buttons that lead somewhere."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from actions import facts
from actions.cards import card_of_actor
from actions.local import tell_local_actors
from actions.telling import is_law, tell
from actions.turn import Turn
from directory.models import Territory
from directory.places_labels import describe
from directory.queries import actors, answer_by_slug, answers_query
from directory.text import fold
from directory.vocabulary import ACTOR_KINDS

LONGEST_BUBBLE, LONGEST_BUTTON = 2_000, 40
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
# Straight apostrophes, ordinary spaces where French has no-break ones, three dots for an ellipsis.
NOT_TYPOGRAPHIC = re.compile(r"\w'\w|« | »|\w :|\d [$%]|\d M\$|\.\.\.|\w \?|\w !")

# How a person is told that a fact must be checked before it is relied on.
CHECK = re.compile(r"vérifi|confirm|demande[rz]|vous (?:le )?dira|vous (?:le )?dire|joignez", re.IGNORECASE)
CAUTION = re.compile(r"avant de vous y fier|\bvérifi|à vérifier|\bconfirm|\bdatent\b|demandez(?:-l|[ ,])", re.IGNORECASE)

ASKS_WHAT = re.compile(r"^(?:combien|quel|quelle|quels|quelles|comment|quand|pourquoi|c'est quoi|qui|ou)\b|\b(?:c'est quoi|combien)\b")
TOPICS = Path(__file__).resolve().parents[2] / "data" / "nlu" / "topics"


def _wordings(slug: str) -> list[str]:
    """Return how people ask a topic, as the training data has it."""
    lines = (TOPICS / f"{slug}.yml").read_text(encoding="utf-8").splitlines()
    return [line.strip().removeprefix("- ") for line in lines if line.strip().startswith("- ") and "intent:" not in line]


def _wrong_signs(text: str) -> str:
    found = NOT_TYPOGRAPHIC.search(ADDRESS.sub("", text))
    return text[max(found.start() - 20, 0) : found.end() + 20] if found else ""


def _answers(access):
    return list(access.session.scalars(answers_query()))


@pytest.fixture(scope="module")
def told(whole):
    """The reply of every answer, by slug."""
    return {answer.slug: tell(answer, whole) for answer in _answers(whole)}


def test_there_are_answers(told):
    assert len(told) > 150


def test_every_answer_fits_in_a_bubble(told):
    long = {slug: len(m.text) for slug, reply in told.items() for m in reply.messages if len(m.text) > LONGEST_BUBBLE}
    assert long == {}


def test_every_answer_tells_its_source(told):
    assert [slug for slug, reply in told.items() if not re.search(r"Source\u00a0: [\w.-]+\.\w+", reply.messages[0].text)] == []


def test_every_answer_to_check_says_so(access, told):
    unsure = [answer.slug for answer in _answers(access) if answer.status == "to_verify"]
    assert unsure
    assert {slug: told[slug].messages[0].text for slug in unsure if not CHECK.search(told[slug].messages[0].text)} == {}


def test_every_old_answer_says_its_age_or_whom_to_ask(access, told):
    old = [a.slug for a in _answers(access) if a.as_of and a.as_of[:4].isdigit() and int(a.as_of[:4]) <= 2022 and not is_law(a.sources)]
    assert old
    assert {slug: told[slug].messages[0].text for slug in old if not CHECK.search(told[slug].messages[0].text)} == {}


def test_an_answer_begins_with_yes_or_no_only_where_people_ask_just_that(access):
    """« Quel est le taux? » is not answered by « Non »: where a third of the wordings ask what, who or how much, the fact comes first."""
    wrong = {}
    for answer in _answers(access):
        wordings = _wordings(answer.slug) if re.match(r"(?:Oui|Non)\b", answer.text) else []
        asking = [wording for wording in wordings if ASKS_WHAT.search(fold(wording))]
        if wordings and len(asking) > len(wordings) / 3:
            wrong[answer.slug] = asking
    assert wrong == {}


def test_an_answer_begins_with_its_subject(access):
    """« Au Consortium… », « De 1 000 $ à… », « Ils vont… » are not understood when the question was worded otherwise."""
    bare = re.compile(
        r"(?:Au|Aux|Par|De|D’un|Jusqu’à|Dans les|Entre|Sur \d|À \w+[ei]r|Ils?(?! fa| existe| y a)|Elles?|Un an|Au moins|Parce que)\b"
    )
    assert {answer.slug: answer.text[:60] for answer in _answers(access) if bare.match(answer.text)} == {}


def test_a_law_does_not_grow_old(access, told):
    laws = [a.slug for a in _answers(access) if is_law(a.sources) and a.status == "active"]
    assert laws
    assert [slug for slug in laws if "renseignement date" in told[slug].messages[0].text] == []


def test_a_caution_is_given_once(told):
    """« Demandez-le à la Caisse. » and « À vérifier avant de vous y fier. » say the same."""
    sentences = {slug: re.split(r"[.?!]\s", reply.messages[0].text) for slug, reply in told.items()}
    twice = {slug: cautious for slug, said in sentences.items() if len(cautious := [s for s in said if CAUTION.search(s)]) > 1}
    assert twice == {}


def _buttons(told, intent):
    return [(slug, b) for slug, reply in told.items() for m in reply.messages for b in m.buttons if b.intent == intent]


def test_every_button_of_an_answer_leads_to_an_answer_that_exists(access, told):
    buttons = _buttons(told, "ask_topic")
    assert buttons
    assert [(slug, b.title) for slug, b in buttons if answer_by_slug(access.session, b.entities["topic"]) is None] == []


def test_every_button_of_an_answer_is_short_and_is_not_the_answer_itself(told):
    buttons = _buttons(told, "ask_topic")
    assert [(slug, b.title) for slug, b in buttons if len(b.title) > LONGEST_BUTTON or b.entities["topic"] == slug] == []


def test_every_answer_on_mentoring_and_no_other_offers_to_find_a_mentor(access, told):
    offering = [slug for slug, b in _buttons(told, "find_support") if b.entities == {"need": "mentorat"}]
    assert offering == [answer.slug for answer in _answers(access) if answer.subject == "mentorat"]


def test_two_answers_never_have_the_same_button(access):
    labels = [answer.label for answer in _answers(access)]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_every_twin_is_of_the_other_legal_form(access):
    twins = [(a, answer_by_slug(access.session, a.twin)) for a in _answers(access) if a.twin]
    assert twins
    wrong = [
        one.slug
        for one, other in twins
        if other is None or other.twin != one.slug or {one.legal_form, other.legal_form} != {"cooperative", "obnl"}
    ]
    assert wrong == []


def test_every_answer_is_typographic_french(told):
    assert {slug: wrong for slug, reply in told.items() if (wrong := _wrong_signs(reply.messages[0].text))} == {}


@pytest.mark.parametrize("facet", sorted(facts.UNKNOWN))
def test_every_fact_fits_in_a_bubble_and_is_typographic_french(facts_of_actors, facet):
    texts = {slug: "\n".join(m.text for m in reply.messages) for slug, reply in facts_of_actors(facet).items()}
    assert {slug: len(text) for slug, text in texts.items() if len(text) > LONGEST_BUBBLE} == {}
    assert {slug: signs for slug, text in texts.items() if (signs := _wrong_signs(text))} == {}


def test_every_card_is_typographic_french(access):
    wrong = {}
    for actor in actors(access.session):
        card = card_of_actor(actor, access)
        if signs := _wrong_signs("\n".join(str(value) for value in card.as_dict().values())):
            wrong[actor.slug] = signs
    assert wrong == {}


def test_every_place_is_named_in_typographic_french(access):
    codes = access.session.scalars(select(Territory.code).where(Territory.level != "country")).all()
    assert len(codes) > 1_500
    wrong = {code: signs for code in codes if (signs := _wrong_signs(describe(access.places, code)))}
    assert wrong == {}


@pytest.mark.parametrize("kind", ACTOR_KINDS)
@pytest.mark.parametrize("place", ["51015", "66023", "99025", "R07", "QC"])
def test_a_local_organisation_asked_for_is_told_or_said_missing_with_a_door(access, kind, place):
    reply = tell_local_actors(Turn("c'est qui", "find_local_actor", slots={"place": [place]}), access, [kind])
    text = "\n".join(message.text for message in reply.messages)
    cards = [card for message in reply.messages for card in message.cards]
    assert cards or "Dites-moi" in text, text
    assert len(text) <= LONGEST_BUBBLE
    assert "None" not in text
    assert not _wrong_signs(text)
