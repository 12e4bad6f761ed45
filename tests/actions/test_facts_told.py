"""What is told of an organisation or of one of its programmes: its state, its end, its contact, what it is."""

from datetime import date

import pytest

from actions import facts
from actions.fitting import fit, fit_of_spoken, is_price
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


def test_when_only_deposits_are_known_the_delay_of_an_answer_is_said_unknown(house):
    told = facts.delay(*house("fiducie-chantier"))
    assert told.startswith("Le délai de réponse n’est pas dans mes sources.")
    assert told.count("date limite") == 1


@pytest.mark.parametrize(
    ("price", "told"),
    [
        (1_200_000, "environ 420\u00a0000\u00a0$"),
        (20_000_000, "sans dépasser 2,5\u00a0M$"),
        (100_000, "sous son minimum de 50\u00a0000\u00a0$"),
    ],
)
def test_of_a_price_the_largest_share_within_the_ceiling_is_told(house, price, told):
    actor, services = house("fiducie-chantier")
    assert told in fit(actor, services, price, None, price=True)


def test_a_loan_asked_is_no_price(house):
    assert "entre dans ce que publie" in fit(*house("fiducie-chantier"), 1_200_000, None)


@pytest.mark.parametrize(
    ("before", "price"),
    [
        ("On veut acheter l’ancienne école pour ", True),
        ("On est une coop. Le bâtiment coûte ", True),
        ("l’achat de l’église à environ ", True),
        ("on a vu un chalet à vendre à ", True),
        ("on a besoin de ", False),
        ("la Fiducie prête-t-elle ", False),
        ("On veut acheter un camion, on a besoin de ", False),
        ("acheter un immeuble, prête-t-il jusqu’à ", False),
        ("pour construire, un prêt de ", False),
        ("Le bâtiment est beau. On cherche pour ", False),
    ],
)
def test_a_price_is_told_from_a_loan_by_what_comes_before_it(before, price):
    assert is_price(before) is price


def test_less_than_the_minimum_is_refused_and_the_minimum_told(access):
    fund = {"entity": "actor", "value": "fiducie-chantier", "actor": "fiducie-chantier"}
    text = "La Fiducie embarque-t-elle en bas de 50 000 $?"
    amount = {"entity": "amount", "value": 50_000, "start": text.index("50"), "end": text.index("?")}
    told = fit_of_spoken(Turn(text, "ask_amount", entities=(fund, amount)), access).messages[0].text
    assert told.startswith("Non\u00a0: le minimum publié")
    at_it = fit_of_spoken(Turn(text.replace("en bas de", "pour"), "ask_amount", entities=(fund, {**amount, "start": 32})), access)
    assert at_it.messages[0].text.startswith("Oui")


def test_less_than_what_some_programme_takes_is_told_as_it_was_said(access):
    text = "le RISQ prête-t-il en bas de 20 000 $?"
    amount = {"entity": "amount", "value": 20_000, "start": text.index("20"), "end": text.index("?")}
    fund = {"entity": "actor", "value": "risq", "actor": "risq"}
    told = fit_of_spoken(Turn(text, "ask_amount", entities=(fund, amount)), access).messages[0].text
    assert told.startswith("Oui, à première vue\u00a0: 20\u00a0000")


def test_their_own_money_is_compared_with_no_limit(access):
    text = "on a 150 000 $ de mise de fonds, c'est assez?"
    own = {"entity": "amount", "value": 150_000, "start": text.index("150"), "end": text.index(" de mise")}
    assert fit_of_spoken(Turn(text, "ask_amount", entities=(own,), slots={"last_actor": "risq"}), access) is None
