"""A question on a matter of the field is not answered by a fact that does not speak of it."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from actions.answering import answer_question
from actions.facts import address_of
from actions.matters import UNHELD, asked_about, instead_of, matters
from actions.questions import handle as handle_question
from actions.reply import Message, Reply
from actions.turn import Turn
from directory.queries import actor_by_slug, answer_by_slug

ROOT = Path(__file__).resolve().parents[2]


def _asked(text: str) -> list[str]:
    return [matter.said for matter in asked_about(Turn(text, "ask_topic"))]


def _told(text: str, **slots: str) -> Reply:
    return Reply((Message(text),), slots)


@pytest.mark.parametrize(
    "text",
    ["Le quorum, c'est combien?", "QUORUMS des assemblées", "Deux assemblées de suite sans quorum. On fait quoi?"],
)
def test_a_matter_is_known_by_its_words(text):
    assert "le quorum" in _asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Combien prête le RISQ?",
        "ça, c'est bien",
        "",
        "Les assemblées",
        "C'est quoi l'intérêt de partir une coop?",
        "Est-ce que ce fonds finance les OBNL?",
        "Ça relève du CA ou de l'assemblée?",
        "Il y a des sources de financement?",
        "Les administrateurs, les employés peuvent-ils suivre la formation?",
        "Le programme rembourse-t-il les dépenses de formation?",
        "La part minimale du projet, c'est combien?",
    ],
)
def test_other_words_name_no_matter(text):
    assert _asked(text) == []


def test_small_words_between_the_words_of_a_matter_change_nothing():
    assert _asked("le registre de nos membres") == _asked("registre des membres") != []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("L'assurance responsabilité des administrateurs coûte combien?", "l’assurance responsabilité des administrateurs"),
        ("Qui peut convoquer une assemblée extraordinaire?", "l’assemblée générale extraordinaire"),
    ],
)
def test_the_matter_named_by_most_letters_comes_first(text, said):
    assert _asked(text)[0] == said


def test_of_two_questions_the_one_that_is_held_is_told_too(access):
    text = "c'est quoi le quorum? combien prête le RISQ?"
    named = {"entity": "actor", "value": "risq", "actor": "risq", "start": text.index("RISQ"), "end": len(text) - 1}
    parts = tuple(
        {"text": part, "ranking": [[label, score], ["noise", 0.01]]}
        for part, label, score in (("c'est quoi le quorum?", "ask_area", 0.1), ("combien prête le RISQ?", "ask_amount", 0.9))
    )
    turn = Turn(text, "ask_amount", 0.95, (("ask_amount", 0.9),), parts, (named,), fact="ask_amount")
    first, *others = (message.text for message in answer_question(turn, access).messages)
    assert "ne répondent pas à cette question sur le quorum" in first
    assert any("50 000 $" in text.replace("\u00a0", " ") for text in others)


def test_of_a_story_the_question_says_the_matter():
    story = "Notre vérificateur est parti en plein mandat. C'est quoi le quorum?"
    assert _asked(story) == ["le quorum"]
    assert "le quorum" not in _asked("Il n'y avait pas quorum. Qui nomme le vérificateur?")


def test_the_name_of_an_organisation_is_no_matter():
    text = "le Fonds du quorum prête combien?"
    named = {"entity": "actor", "value": "x", "actor": "x", "start": 3, "end": 18}
    assert asked_about(replace(Turn(text, "ask_amount"), entities=(named,))) == ()
    assert _asked(text) == ["le quorum"]


def test_a_reply_that_speaks_of_the_matter_is_kept(access):
    turn = Turn("C'est quoi le quorum?", "ask_topic")
    assert instead_of(_told("Le quorum est des trois quarts."), turn, access) is None
    assert instead_of(_told("Le conseil compte trois personnes."), turn, access) is not None


def test_a_reply_known_to_tell_the_matter_in_other_words_is_kept(access):
    matter = next(m for m in matters() if m.said == "l’avis de convocation")
    topic = next(name for name in sorted(matter.told_by) if not name.startswith("ask_"))
    turn = Turn("Et l'avis de convocation?", "ask_topic")
    assert instead_of(_told("Tout autre chose."), turn, access) is not None
    assert instead_of(_told("Tout autre chose.", last_topic=topic), turn, access) is None


def test_without_reply_only_a_question_is_told_unknown(access):
    assert instead_of(None, Turn("C'est quoi le quorum?", "nlu_fallback"), access) is not None
    assert instead_of(None, Turn("On a eu quorum hier soir", "nlu_fallback"), access) is None


def test_an_answer_beside_the_matter_is_offered_and_not_told(access):
    held = answer_by_slug(access.session, "coop_nombre_administrateurs")
    turn = Turn("C'est quoi le quorum du conseil?", "ask_topic", 0.9, ((f"ask_topic/{held.slug}", 0.9),))
    message = answer_question(turn, access).messages[0]
    assert "Mes sources ne répondent pas à cette question sur le quorum" in message.text
    assert held.text.strip() not in message.text
    assert [button.title for button in message.buttons] == [held.label]


def test_a_fact_read_as_held_nowhere_is_said_so_with_whom_to_ask(access):
    turn = Turn("faut être combien pour que le vote compte", UNHELD, 0.9, ((UNHELD, 0.9), ("ask_topic/coop_vote", 0.02)))
    reply = answer_question(turn, access)
    assert reply.messages[0].text.startswith("Mes sources ne répondent pas à cette question. À qui le demander")
    assert reply.messages[0].buttons == ()
    assert reply.slots["last_topic"] is None


def test_a_held_answer_that_the_context_makes_surer_is_told(access):
    turn = Turn("et le vote, lui?", UNHELD, 0.5, ((UNHELD, 0.3), ("ask_topic/coop_vote", 0.2)))
    assert "ne répondent pas" in answer_question(turn, access).messages[0].text
    leaning = replace(turn, slots={"last_topic": "coop_nombre_administrateurs"})
    assert answer_question(leaning, access).slots["last_topic"] == "coop_vote"


def test_whom_to_ask_depends_on_the_legal_form_and_begins_by_who_is_named(access):
    turn = Turn("C'est quoi le quorum?", UNHELD, 0.9, ((UNHELD, 0.9),), slots={"last_actor": "risq"})
    assert answer_question(turn, access).slots["last_actor"] is None
    coop = answer_question(replace(turn, slots={"legal_form": "cooperative"}), access)
    obnl = answer_question(replace(turn, slots={"legal_form": "obnl"}), access)
    assert coop.slots["last_door"] == "meie"
    assert obnl.slots["last_door"] == "coco"
    text = "C'est quoi le quorum au comité du RISQ?"
    named = {"entity": "actor", "value": "risq", "actor": "risq", "start": text.index("RISQ"), "end": len(text) - 1}
    assert answer_question(replace(turn, text=text, entities=(named,)), access).slots["last_door"] == "risq"


def test_what_is_theirs_is_asked_of_who_was_spoken_of_last(access):
    turn = Turn("C'est qui, leur comité d'investissement?", UNHELD, 0.9, ((UNHELD, 0.9),), slots={"last_actor": "fiducie-chantier"})
    reply = answer_question(turn, access)
    assert reply.slots["last_door"] == "fiducie-chantier"
    assert "last_actor" not in reply.slots


def test_the_other_part_of_a_message_is_still_answered(access):
    text = "c'est quoi le quorum pis combien prête le RISQ?"
    named = {"entity": "actor", "value": "risq", "actor": "risq", "start": text.index("RISQ"), "end": len(text) - 1}
    parts = tuple(
        {"text": part, "ranking": [[label, 0.9], ["noise", 0.01]]}
        for part, label in (("c'est quoi le quorum", UNHELD), ("combien prête le RISQ?", "ask_amount"))
    )
    turn = Turn(text, "ask_amount", 0.5, (("ask_amount", 0.5), (UNHELD, 0.4)), parts, (named,))
    first, second = (message.text for message in answer_question(turn, access).messages)
    assert "ne répondent pas à cette question sur le quorum" in first
    assert "RISQ" not in first
    assert "50 000 $" in second.replace("\u00a0", " ")


def test_every_matter_has_doors_that_can_be_reached_and_replies_that_exist(access):
    wrong = []
    intents = {next(iter(i)) if isinstance(i, dict) else i for i in yaml.safe_load((ROOT / "domain.yml").read_text())["intents"]}
    for matter in matters():
        for slug in {slug for slugs in matter.doors.values() for slug in slugs}:
            actor = actor_by_slug(access.session, slug)
            if actor is None or actor.status == "closed" or not address_of(actor):
                wrong.append(f"{matter.said}: {slug}")
        wrong += [f"{matter.said}: {name}" for name in matter.told_by if name not in intents and not answer_by_slug(access.session, name)]
        if not matter.said.startswith(("le ", "la ", "les ", "l’")):
            wrong.append(f"{matter.said}: no article")
    assert len(matters()) > 200
    assert wrong == []


@pytest.mark.parametrize(
    ("confidence", "slots", "under_its_question"),
    [(0.79, {}, True), (0.8, {}, False), (0.3, {"last_topic": "coop_etapes"}, False), (0.3, {"last_actor": "risq"}, False)],
)
def test_an_answer_not_surely_asked_for_comes_with_its_question(access, confidence, slots, under_its_question):
    label = "ask_topic/coop_nombre_administrateurs"
    turn = Turn("combien de gens mènent la coop", "ask_topic", confidence, ((label, 0.9), ("ask_topic/coop_vote", 0.01)), slots=slots)
    told = answer_question(turn, access).messages[0].text
    question = answer_by_slug(access.session, label.removeprefix("ask_topic/")).question
    assert told.startswith(f"À la question «\u00a0{question}\u00a0»\u00a0: ") is under_its_question


def test_a_project_told_at_a_place_is_no_question_unsurely_read(access):
    text = "we want to start une coop de yoga quelque part bientôt, il manque le funding"
    place = {"entity": "place", "value": ["2462037"], "start": 0, "end": 0}
    form = {"entity": "legal_form", "value": "cooperative", "start": 0, "end": 0}
    turn = Turn(text, "ask_topic", 0.29, (("ask_topic/coop_etapes", 0.05), ("ask_topic/cdrq_obnl", 0.04)), entities=(place, form))
    assert handle_question(turn, access).followup == "find_support_form"
    assert handle_question(replace(turn, text=f"{text}?"), access).followup == ""
    assert handle_question(replace(turn, entities=(form,)), access).followup == ""
