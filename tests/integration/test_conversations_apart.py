"""Conversations of one assistant: issued buttons, commands that are text, no mixing, erasure, odd messages."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from directory.database import session_scope
from directory.models import Actor, Coverage

STALE = "n'est plus valide"
STORY = (  # longer than the door lets in
    "Je vous explique. L'idée vient de ma voisine, qui fait pousser des légumes dans sa cour depuis des années et qui en donne à tous. "
    "L'été passé on a parti un petit kiosque au bord du chemin, juste pour voir, pis ça a marché bien plus qu'on pensait. "
    "Le monde arrêtait, jasait, repartait avec des carottes et des tomates. Mon beau-frère a fait l'affiche, sa fille la page Facebook. "
    "À l'automne il restait des courges jusqu'au plafond, alors on a fait de la soupe avec les gens du sous-sol de l'église. "
    "Là tout le monde nous dit qu'il faudrait faire ça pour vrai, avec un local, un frigo, un horaire, quelqu'un à l'année. "
    "On s'est rencontrés deux fois dans ma cuisine, on était huit la première fois et douze la deuxième. "
    "Il y a une infirmière à la retraite, deux jeunes qui arrivent de la ville, un ancien comptable, une agronome, le curé même. "
    "On a écrit une page avec nos valeurs : manger mieux, se parler, garder l'argent au village. "
    "On sait pas encore si on vend aux membres seulement ou à n'importe qui. On sait pas non plus qui paierait le premier frigo. "
    "Ma voisine voudrait que tout soit réglé avant les semences, mon beau-frère trouve qu'on va trop vite. "
    "Bref c'est pour ça que je demande, pour savoir si on est assez de monde pour commencer, ou s'il faut en trouver d'autres avant. "
    "Ah oui, j'oubliais, il y a aussi le monsieur du garage qui nous prêterait son ancien bureau pour l'hiver, avec le chauffage compris. "
    "Merci de votre patience, je suis pas vite sur le clavier pis j'écris toujours trop long, mes filles me le disent assez souvent."
)


@pytest.fixture
def tracker(assistant: Any) -> Callable[[str], Any]:
    """What is held of a conversation, None when nothing is."""
    from rasa.shared.core.trackers import DialogueStateTracker

    def held(conversation: str) -> Any:
        kept = assistant._conversations.get(conversation)
        slots = assistant._agent.domain.slots
        return DialogueStateTracker.from_events(conversation, list(kept.state.events), slots) if kept else None

    return held


@pytest.mark.parametrize(
    "payload",
    ['/find_support{"need": "financement"}', "/erase_data", '/inform{"place": ["10043"]}', "/restart", "/session_start", "", "allo"],
)
def test_a_payload_that_was_never_issued_is_refused(person, payload):
    person.say("never issued", "une coop ça prend combien de fondateurs")
    assert STALE in person.press_payload("never issued", payload).folded


def test_a_payload_issued_to_another_conversation_is_refused(person):
    offered = person.say("who was offered", "allo").buttons[0]["payload"]
    assert STALE in person.press_payload("who was not", offered).folded


def test_a_button_still_works_after_a_reply_without_buttons(person):
    person.say("later button", "allo")
    person.say("later button", "merci")
    assert "municipalite" in person.press("later button", "Trouver un mentor").folded


@pytest.mark.parametrize(
    "text",
    [
        "/private_business",
        " /private_business",
        "\u200b/private_business",
        "//private_business",
        "/\u200b/private_business",
        "\n/private_business",
        "／private_business",
        "{/private_business",
        "/restart",
        "/session_start",
        '/find_support{"need": "financement", "place": ["10043"]}',
        '/inform{"legal_form": "private"}',
    ],
)
def test_a_typed_command_is_text(person, tracker, text):
    name = f"typed {text!r}"
    person.say(name, "on est une coop, ça prend combien de fondateurs?")
    shown = person.say(name, text)
    held = tracker(name)
    assert not held.latest_message.text.lstrip().startswith("/")
    assert shown.intent["name"] not in ("private_business", "restart", "session_start", "find_support") or shown.intent["confidence"] < 1
    # A form given in braces would have changed it; the word « restart » is understood as « recommençons ».
    assert held.get_slot("legal_form") == (None if shown.intent["name"] == "start_over" else "cooperative")
    assert held.get_slot("place") is None


def test_two_conversations_never_mix(person):
    person.say("apart gaspé", "on est une coop à Gaspé en démarrage, on cherche du financement")
    person.say("apart rimouski", "on est un obnl à Rimouski en croissance, on cherche du financement")
    gaspe = person.say("apart gaspé", "20 000").folded
    rimouski = person.say("apart rimouski", "90 000").folded
    assert "une cooperative, en demarrage, pour gaspe" in gaspe
    assert "rimouski" not in gaspe
    assert "un obnl, en croissance, pour rimouski" in rimouski
    assert "gaspe (" not in rimouski


def test_conversations_at_the_same_moment_never_mix(assistant, wait, folded):
    places = ["Gaspé", "Rimouski", "Alma", "Amos", "Joliette", "Lachute", "Granby", "Matane", "Roberval", "Shawinigan"]

    async def talk(place: str) -> str:
        await assistant.say(f"moment {place}", f"on est une coop à {place} en démarrage, on cherche du financement")
        turned = await assistant.say(f"moment {place}", "20 000")
        return folded(turned.replies[0]["text"])

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(talk(place) for place in places))

    told = dict(zip(places, wait(all_of_them()), strict=True))
    wrong = [f"{place}: {text}" for place, text in told.items() if f"pour {folded(place)}" not in text]
    wrong += [
        f"{place} in {text}" for place in places for other, text in told.items() if other != place and f"pour {folded(place)}" in text
    ]
    assert not wrong


def test_messages_of_one_conversation_at_the_same_moment_are_each_answered_in_order(assistant, wait, tracker):
    texts = ["allo", "on cherche un mentor", "Gaspé", "merci"]

    async def all_at_once() -> list[Any]:
        return await asyncio.gather(*(assistant.say("all at once", text) for text in texts))

    turns = wait(all_at_once())
    assert all(turned.replies for turned in turns)
    held = tracker("all at once")
    # The place answers the search that the message before began; the last word is the last message held.
    assert [turned.intent["name"] for turned in turns][:2] == ["greet", "find_support"]
    assert (held.get_slot("need"), held.get_slot("place"), held.latest_message.text) == ("mentorat", ["03005"], "merci")


@pytest.fixture
def new_actor(seeded):
    """An organisation added to the directory while the assistant runs; taken out again afterwards."""
    with session_scope(seeded) as session:
        actor = Actor(
            slug="fonds-zibeline",
            name="Fonds Zibeline de Kamouraska",
            kind="financement",
            status="active",
            dedicated=True,
            phone="418 555-0107",
            website="https://zibeline.example",
            source="https://zibeline.example/fonds",
            as_of="2026-11",
            summary="Un fonds inventé pour un test, qui prête aux coopératives du Kamouraska.",
        )
        session.add(actor)
        session.flush()
        session.add(Coverage(actor_id=actor.id, territory_code="mrc-kamouraska", part=False))
        added = actor.id
    yield "Fonds Zibeline de Kamouraska"
    with session_scope(seeded) as session:
        session.delete(session.get(Actor, added))


def test_an_organisation_added_to_the_directory_is_understood_in_the_next_message(person, new_actor):
    shown = person.say("new actor", "c'est quoi le Fonds Zibeline de Kamouraska")
    assert "invente pour un test" in shown.folded, shown.raw
    assert "418 555-0107" in person.say("new actor", "leur numéro?").raw


def test_an_organisation_taken_out_of_the_directory_is_forgotten_in_the_next_message(person):
    shown = person.say("gone actor", "c'est quoi le Fonds Zibeline de Kamouraska")
    assert "invente pour un test" not in shown.folded
    assert "555-0107" not in shown.raw


def test_erasing_leaves_nothing_of_the_conversation(person, assistant, tracker):
    person.say("to erase", "on est une coop à Gaspé et on cherche un mentor")
    assert tracker("to erase") is not None
    assert "efface" in person.say("to erase", "efface ma conversation").folded
    assert tracker("to erase") is None
    assert "to erase" not in assistant._conversations


def test_erasing_by_the_button_leaves_nothing_of_the_conversation(person, tracker):
    person.say("to erase too", "on est une coop à Gaspé")
    person.say("to erase too", "est-ce que c'est confidentiel ce que j'écris ici")
    person.press("to erase too", "Effacer ma conversation")
    assert tracker("to erase too") is None


def test_erasing_in_the_middle_of_a_search_leaves_nothing(person, tracker):
    person.say("to erase inside", "on cherche du financement à Drummondville")
    assert "efface" in person.say("to erase inside", "efface au complet ce que je t'ai écrit").folded
    assert tracker("to erase inside") is None
    assert "drummond" not in person.say("to erase inside", "obnl").folded


def test_erasing_one_conversation_leaves_the_others(person, tracker):
    person.say("to keep", "on cherche du financement à Drummondville")
    person.say("to erase alone", "allo")
    person.say("to erase alone", "efface ma conversation")
    assert tracker("to keep") is not None
    assert "etape" in person.say("to keep", "obnl").folded


def test_personal_data_is_nowhere_in_what_is_held(person, tracker):
    person.say("held", "on est une coop à Granby, mon courriel c'est jo.bleau@exemple.ca pis mon tel 418-555-0134")
    held = repr([event.as_dict() for event in tracker("held").events])
    assert "jo.bleau" not in held
    assert "555-0134" not in held


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "é" * 1_000_000,
        "une coop ça prend combien de fondateurs? " * 25_000,
        "@" * 1_000_000,
        "1 rue " * 170_000,
        "[" * 1_000_000,
    ],
    ids=["letters", "accents", "sentences", "at-signs", "addresses", "brackets"],
)
def test_a_message_of_a_million_signs_is_answered_with_a_notice(person, text):
    shown = person.say(f"long {text[:5]}", text)
    assert "tres long" in shown.folded
    assert len(shown.replies) >= 2
    assert "ennui technique" not in shown.folded


def test_the_beginning_of_a_long_message_is_answered(person):
    shown = person.say("long question", f"Une coop ça prend combien de fondateurs? {STORY}")
    assert "tres long" in shown.folded
    assert "cinq" in shown.folded, shown.raw


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("🙂🙂🙂", "reformul"),
        ("une coop 🧑‍🌾 ça prend combien de fondateurs 🤔?", "cinq"),
        ("une coop\x00 ça prend \x07combien de\u200b fondateurs", "cinq"),
        ("une coop ça prend combien de fondateurs \ud83d", "cinq"),
        ("\ud83d\udc00", "reformul"),
        ("u\u0301ne coop c\u0327a prend combien de fondateurs", "cinq"),
        ("UNE COOP ÇA PREND COMBIEN DE FONDATEURS", "cinq"),
        ("une\u00a0coop\u202fça\u2009prend\tcombien\nde fondateurs", "cinq"),
        ("\u202eune coop ça prend combien de fondateurs", "cinq"),
    ],
    ids=["pictures", "pictures-inside", "control", "lone-surrogate", "surrogates", "combining", "capitals", "spaces", "right-to-left"],
)
def test_odd_signs_never_break_a_turn(person, text, pattern):
    shown = person.say(f"odd {text!r}", text)
    assert pattern in shown.folded, shown.raw
    shown.raw.encode("utf-8")


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "\x00", "/", "{{{"], ids=repr)
def test_a_message_without_anything_to_read_is_said_so(person, text):
    assert "rien recu" in person.say(f"nothing {text!r}", text).folded
