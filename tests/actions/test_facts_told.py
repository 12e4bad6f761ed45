"""What is told of an organisation or of one of its programmes: its state, its end, its contact, what it is."""

from datetime import date

import pytest

from actions import facts
from actions.telling import answer_facet
from actions.turn import Turn

TODAY = date(2026, 11, 24)


def _asked(access, intent, **slots):
    return answer_facet(Turn("ça existe encore?", intent, slots=slots), access).messages[0].text


@pytest.fixture
def house(houses):
    """house(slug): an organisation and its programmes."""
    return lambda slug: next(h for h in houses if h.actor.slug == slug)


def test_the_state_asked_after_a_closed_programme_is_that_of_the_programme(access):
    told = _asked(access, "ask_status", last_actor="risq", last_service="risq-transition")
    assert "Fonds Transition" in told
    assert "échu" in told
    assert "en activité" not in told


def test_a_closed_programme_without_answer_is_told_closed_with_what_is_known_of_the_date(access):
    told = _asked(access, "ask_status", last_actor="chantier-economie-sociale-financement", last_service="chantier-irp")
    assert "ce n’est plus ouvert, aucune date connue" in told


def test_the_state_of_a_house_tells_which_of_its_programmes_are_over(house):
    told = facts.state(*house("investissement-quebec"), TODAY)
    assert told.startswith("D’après mes sources, IQ est en activité.")
    assert "(PIEC) (depuis le 24 octobre 2025)" in told


def test_a_programme_is_not_over_before_its_last_day(house):
    assert "PIEC" not in facts.state(*house("investissement-quebec"), date(2025, 10, 24))


def test_an_open_programme_among_others_is_told_by_its_name(house):
    actor, services = house("risq")
    told = facts.state(actor, [s for s in services if s.slug == "risq-emergence"], TODAY)
    assert told == "D’après mes sources, c’est encore offert\u00a0: Fonds Émergence (prédémarrage) (RISQ)."


def test_a_share_of_cost_of_a_closed_programme_is_not_told(house):
    actor, services = house("risq")
    assert any(s.status == "closed" and s.share_of_cost_max for s in services)
    assert "Fonds Transition" not in facts.share(actor, services)


def test_an_unknown_phone_is_said_unknown(house):
    assert "Je n’ai pas de numéro de téléphone" in facts.contact(*house("cdrq"))
    assert "Je n’ai pas" not in facts.contact(*house("risq"))


def test_a_city_is_told_once(house):
    assert facts.contact(*house("coco")).count("Montréal") == 1


def test_one_programme_among_others_is_told_and_not_its_house(house):
    actor, services = house("risq")
    told = facts.what_is(actor, [s for s in services if s.slug == "risq-aide-technique"])
    assert told.startswith("Fonds Aide technique, du Réseau d’investissement social du Québec (RISQ)\u00a0: avance")
    assert "de 1\u00a0000\u00a0$ à 10\u00a0000\u00a0$" in told


def test_a_house_with_one_programme_is_told_itself(house):
    assert facts.what_is(*house("immosocial-quebec")).startswith("Le Fonds Immosocial Québec (AGRTQ), c’est un fonds")


def test_an_interest_rate_comes_with_the_name_of_its_programme(house):
    assert facts.interest(*house("immosocial-quebec")) == "Prêt Immosocial\u00a0: taux entre 4 et 6\u00a0%."
