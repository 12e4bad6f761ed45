"""A conversation on Messenger, as its person sees it, on the trained model."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from clocks import ShiftedClock
from messaging import Messenger, everything

from bot.channels.refusals import sentence

QUESTION = "le RISQ prête combien?"
ROBOT = "un robot"
STALE_BUTTON = sentence("stale_choice")


@pytest.fixture
def clock() -> ShiftedClock:
    """The clock of the server and of Meta."""
    return ShiftedClock()


@pytest.fixture
def later(serve_messenger: Callable, clock: ShiftedClock) -> Iterator[Messenger]:
    """The channel, on a clock that the test moves."""
    with serve_messenger(now=clock) as serving:
        yield serving


def _words(shown: list[Any]) -> str:
    return "\n".join(everything(each) for each in shown)


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "allo",
        "t'es qui toi",
        "j'en peux plus, je veux mourir",
        "je suis au bout du rouleau",
        "c'est confidentiel?",
        "xkcd zorglub",
    ],
)
def test_the_first_answer_says_that_a_robot_gives_it(messenger, folded, text):
    assert ROBOT in folded(messenger.say(messenger.person(), text))


def test_the_notice_comes_with_the_next_answer_when_the_first_one_was_no_place_for_it(messenger, folded):
    marie = messenger.person()
    assert "90 jours" not in folded(messenger.say(marie, "j'en peux plus, je veux mourir"))
    assert "90 jours" in folded(messenger.say(marie, QUESTION))
    assert "90 jours" not in folded(messenger.say(marie, QUESTION))


@pytest.mark.parametrize(("hours", "told"), [(23, False), (25, True), (24 * 30, True)])
def test_who_comes_back_after_a_day_is_told_again_that_a_robot_answers(later, clock, folded, hours, told):
    marie = later.person()
    later.say(marie, QUESTION)
    assert ROBOT not in folded(later.say(marie, QUESTION))
    clock.shift = timedelta(hours=hours)
    assert (ROBOT in folded(later.say(marie, QUESTION))) is told
    assert ROBOT not in folded(later.say(marie, QUESTION))


def test_a_search_ends_with_cards_whose_every_word_is_read_and_which_are_called_or_visited(messenger, folded):
    marie = messenger.person()
    messenger.say(marie, "on est une coop à Gaspé, on cherche du financement")
    messenger.say(marie, "on est en démarrage")
    shown = messenger.told(marie, lambda: marie.says("50 000 $"))
    assert "pourquoi" in folded(_words(shown))
    assert "source" in folded(_words(shown))
    links = [(kind, value) for each in shown for card in each.cards for _, kind, value in card.buttons]
    assert ("phone_number", "+15148662355") in links
    assert ("web_url", "https://fiducieduchantier.qc.ca") in links
    assert [title for title, *_ in shown[-1].buttons] == ["Voir d’autres", "Pourquoi ceux-là?", "Changer de région"]


def test_a_button_acts_and_its_title_is_what_was_said(messenger, folded):
    marie = messenger.person()
    messenger.say(marie, "allo")
    told = _words(messenger.told(marie, lambda: marie.taps("Trouver un mentor")))
    assert "municipalite" in folded(told)
    assert _heard(messenger, marie) == ["allo", "Trouver un mentor"]


def test_a_choice_is_made_by_its_number_when_they_are_listed(messenger, folded):
    marie = messenger.person()
    listed = messenger.say(marie, "on a besoin d'aide à Saint-Ambroise")
    assert "1. " in listed
    number = next(line.split(".")[0] for line in listed.splitlines() if line.startswith("2."))
    messenger.say(marie, number)
    assert _heard(messenger, marie)[-1] != number


def test_a_number_that_was_not_listed_is_a_text(messenger):
    marie = messenger.person()
    messenger.say(marie, QUESTION)
    messenger.say(marie, "99")
    assert _heard(messenger, marie)[-1] == "99"


def test_get_started_the_ice_breakers_and_the_menu_do_what_they_say(messenger, folded):
    from bot.messenger.menu import wanted

    messenger.graph.profile.update(wanted())
    marie = messenger.person()
    assert "que cherchez-vous" in folded(_words(messenger.told(marie, marie.gets_started)))
    for title, expected in (
        ("Trouver du financement", "municipalite"),
        ("Trouver un mentor", "municipalite"),
        ("Recommencer", "zero|reprend|recommen|repart"),
        ("Parler à une personne", "municipalite|mrc|pole"),
    ):
        told = folded(_words(messenger.told(marie, lambda title=title: marie.chooses_menu(title))))
        assert any(each in told for each in expected.split("|")), (title, told)
    luc = messenger.person()
    assert "trouver" in folded(_words(messenger.told(luc, lambda: luc.asks_ice_breaker("Ce que je peux faire"))))
    assert _heard(messenger, luc) == ["Ce que je peux faire"]


def test_who_has_all_erased_gets_a_proof_and_nothing_is_left(messenger, folded):
    marie = messenger.person()
    messenger.say(marie, "on est une coop à Gaspé, on cherche du financement")
    messenger.say(marie, "efface ma conversation")
    told = _until(lambda: _words([each for each in marie.screen if each.by == "page"]), "EF-")
    assert "c’est effacé" in told.lower()
    assert _heard(messenger, marie) is None
    # A new conversation knows nothing of the old one, and says again who answers.
    assert ROBOT in folded(messenger.say(marie, QUESTION))


def test_an_old_button_pressed_after_an_erasure_is_excused_by_a_robot_that_says_so(messenger, folded):
    marie = messenger.person()
    messenger.say(marie, "allo")
    messenger.say(marie, "efface ma conversation")
    _until(lambda: _words([each for each in marie.screen if each.by == "page"]), "EF-")
    told = folded(_words(messenger.told(marie, lambda: marie.taps("Trouver un mentor"))))
    assert folded(STALE_BUTTON) in told
    assert ROBOT in told


def test_the_choices_of_the_first_answer_are_not_hidden_by_the_notice(messenger, folded):
    marie = messenger.person()
    shown = messenger.told(marie, lambda: marie.says("on est une coop à Gaspé, on cherche du financement"))
    assert ROBOT in folded(_words(shown))
    assert "Démarrage" in [title for title, *_ in marie.quick_replies]
    assert "combien d'argent" in folded(_words(messenger.told(marie, lambda: marie.taps("Démarrage"))))


def test_a_photo_after_words_of_danger_gets_the_lines_of_help_and_no_notice(messenger, folded):
    marie = messenger.person()
    messenger.say(marie, "j'ai plus le goût de vivre")
    told = folded(_words(messenger.told(marie, lambda: marie.sends("like"))))
    assert "988" in told
    assert "90 jours" not in told


def test_what_comes_back_is_the_question_even_when_it_was_asked_again(messenger):
    marie = messenger.person()
    messenger.say(marie, "on est une coop à Gaspé, on cherche du financement")
    messenger.say(marie, "zorglub et compagnie")
    asked = messenger.told(marie, lambda: marie.sends("like"))[-1]
    assert asked.text.startswith("À quelle étape")


def test_the_question_comes_back_after_a_thumb_up_or_a_photo_whose_bubble_hides_its_choices(messenger):
    marie = messenger.person()
    messenger.say(marie, "on est une coop à Gaspé, on cherche du financement")
    for kind in ("like", "image"):
        *_, asked = messenger.told(marie, lambda kind=kind: marie.sends(kind))
        assert asked.text.startswith("À quelle étape")
        assert "Démarrage" in [title for title, *_ in asked.quick_replies]
    assert "combien d’argent" in messenger.told(marie, lambda: marie.taps("Démarrage"))[-1].text.lower()
    # Nothing is asked any more once the search is over.
    messenger.say(marie, "50 000 $")
    assert len(messenger.told(marie, lambda: marie.sends("like"))) == 1


def test_a_button_that_is_still_on_the_screen_acts_after_another_answer(messenger, folded):
    marie = messenger.person()
    offered = messenger.told(marie, lambda: marie.says(QUESTION))
    title = next(title for shown in offered for title, *_ in shown.buttons if title.startswith("Taux"))
    messenger.say(marie, "la Fiducie demande-tu une garantie?")
    told = folded(_words(messenger.told(marie, lambda: marie.taps(title))))
    assert folded(STALE_BUTTON) not in told
    assert "taux" in told
    assert "risq" in told


def test_a_yes_that_is_still_on_the_screen_answers_no_other_question(messenger, folded):
    marie = messenger.person()
    messenger.say(marie, "on est une coop en démarrage, on cherche du financement")
    messenger.say(marie, "Gaspé")
    told = folded(_words(messenger.told(marie, lambda: marie.taps("Ne pas le dire"))))
    assert folded(STALE_BUTTON) in told
    assert "combien d'argent" in told


def _until(look: Callable[[], str], wanted: str) -> str:
    import time

    deadline = time.monotonic() + 20
    while wanted not in look():
        assert time.monotonic() < deadline, look()
        time.sleep(0.01)
    return look()


def _heard(messenger: Messenger, person: Any) -> list[str] | None:
    """Return what is kept of what someone said; None when they have no conversation."""
    from sqlalchemy import select

    from bot.conversations.models import Inbound, Thread

    def texts(session: Any) -> list[str] | None:
        conversation = session.execute(select(Thread.conversation_id).where(Thread.psid == person.psid)).scalar_one_or_none()
        query = select(Inbound.text).where(Inbound.conversation_id == conversation).order_by(Inbound.seq)
        return conversation and session.execute(query).scalars().all()

    return messenger.web.store.run_here(texts)
