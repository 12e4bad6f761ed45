"""Properties that hold for every organisation of the real directory: a door on each card, facts that never fail."""

import re

import pytest
from sqlalchemy import select

from actions import facts
from actions.cards import card_of_actor, card_of_match, card_of_mrc
from actions.fitting import fit
from actions.naming import short
from actions.telling import answer_facet, tell_facet, told_closed
from actions.turn import Turn
from directory.models import Territory
from directory.queries import actors, territory_path
from directory.routing import Profile, services_for
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES

FACETS = sorted(facts.UNKNOWN)
WAYS = ("phone", "email", "website", "first_step")
# Holes that a template leaves: Python's nothing, an empty pair, a doubled sign.
NOT_KNOWN = re.compile(r"ne donnent pas|Je n’ai pas (?:de|la|le|les) ")
WAY = re.compile(r"\d{3} \d{3}-\d{4}|[\w-]+\.(?:ca|com|coop|org|info|quebec|net)\b|@")
ENDED = re.compile(r"cess|n’existe plus|ferm|termin|fait partie|C’est maintenant")
HOLE = re.compile(r"\bNone\b|\bnull\b|\(\)|«\u00a0\u00a0»|\.\.(?!\.)|,,| ,|\[\]|\{\}| {2,}|: ?\.|;\.")


def _text(reply) -> str:
    told = [message.text for message in reply.messages]
    told += [button.title for message in reply.messages for button in message.buttons]
    return "\n".join(told)


def test_every_organisation_has_a_card_with_a_door(access):
    cards = [card_of_actor(actor, access) for actor in actors(access.session)]
    assert cards
    assert [card.name for card in cards if not any(getattr(card, way) for way in WAYS)] == []


def test_every_card_says_what_the_organisation_is(access):
    assert [card.name for actor in actors(access.session) if not (card := card_of_actor(actor, access)).does] == []


def test_every_card_says_its_source_and_its_date(access):
    wrong = [card.name for actor in actors(access.session) if not ((card := card_of_actor(actor, access)).source and card.as_of)]
    assert wrong == []


def test_the_door_of_someone_without_known_contact_is_in_the_place_of_the_person_that_it_serves(access):
    wrong, above = [], {territory.code for territory in territory_path(access.session, "10043")}
    for actor in actors(access.session):
        if actor.website or actor.phone or actor.email or actor.status == "closed":
            continue
        card = card_of_actor(actor, access, places=("10043",))
        covered = {cover.territory_code for cover in actor.covers}
        # The site is said to be the MRC's: it is not the organisation's own.
        if ("(mrcrimouskineigette.qc.ca)" in card.first_step) is not (not covered or bool(covered & above)) or card.website:
            wrong.append(f"{card.name}: {card.first_step} {card.website}")
    assert wrong == []


def test_a_card_has_no_hole(access):
    told = {
        card.name: "\n".join(str(v) for v in card.as_dict().values()) for a in actors(access.session) if (card := card_of_actor(a, access))
    }
    assert {name: HOLE.search(text)[0] for name, text in told.items() if HOLE.search(text)} == {}


def test_every_mrc_has_a_card_with_a_door(access):
    mrcs = access.session.scalars(select(Territory).where(Territory.level == "mrc")).all()
    assert len(mrcs) == 104
    cards = [card_of_mrc(mrc, access) for mrc in mrcs]
    assert [card.name for card in cards if not any(getattr(card, way) for way in WAYS)] == []
    assert [card.name for card in cards if HOLE.search("\n".join(str(v) for v in card.as_dict().values()))] == []


@pytest.mark.parametrize("need", NEEDS)
def test_every_proposal_of_a_need_has_cards_with_doors_reasons_and_sources(access, need):
    wrong = []
    for place in ("51015", "66023-rosemont", "03005", "R08"):
        for form in (None, *LEGAL_FORMS):
            for stage in (None, *STAGES):
                profile = Profile(need, (place,), form, stage, 40_000)
                for match in services_for(access.session, profile, access.today, 6):
                    card = card_of_match(match, profile, access)
                    told = "\n".join(str(v) for v in card.as_dict().values())
                    whole = any(getattr(card, way) for way in WAYS) and card.why and card.source and card.as_of and card.does
                    if not whole or HOLE.search(told) or match.actor.status == "closed" or match.service.status == "closed":
                        wrong.append(f"{place} {form} {stage}: {told}")
    assert wrong == []


def test_a_question_on_an_organisation_is_told_from_its_record(access, facts_of_actors):
    """The sweeps below read the whole directory once; a question of a person reads one organisation, and is told the same."""
    entity = {"entity": "actor", "value": "risq", "actor": "risq"}
    for facet in FACETS:
        asked = Turn("c'est quoi", facet, 0.9, ((facet, 0.9),), entities=(entity,))
        assert answer_facet(asked, access) == facts_of_actors(facet)["risq"]


@pytest.mark.parametrize("facet", FACETS)
def test_a_fact_of_every_organisation_is_told_without_failing_or_leaving_a_hole(facts_of_actors, facet):
    told = {slug: _text(reply) for slug, reply in facts_of_actors(facet).items()}
    assert len(told) > 190
    assert {slug: text for slug, text in told.items() if not text.strip() or HOLE.search(text)} == {}


@pytest.mark.parametrize("facet", FACETS)
def test_a_fact_of_every_programme_is_told_without_failing_or_leaving_a_hole(facts_of_programmes, facet):
    told = {slug: _text(reply) for slug, reply in facts_of_programmes(facet).items()}
    assert len(told) > 300
    assert {slug: text for slug, text in told.items() if not text.strip() or HOLE.search(text)} == {}


@pytest.mark.parametrize("facet", ["ask_amount", "ask_area", "ask_contact", "ask_eligibility", "ask_status", "list_services"])
def test_a_fact_names_the_organisation_or_its_programme(houses, facts_of_actors, facet):
    """Read alone, in a chat, « 20 000 $ » is of no use."""
    silent = {}
    for actor, services in houses:
        text = _text(facts_of_actors(facet)[actor.slug])
        names = [actor.name, short(actor), *(s.name for s in services)]
        if actor.status != "closed" and not any(name.lower() in text.lower() for name in names):
            silent[actor.slug] = text
    assert silent == {}


@pytest.mark.parametrize("facet", FACETS)
def test_what_is_not_known_of_an_organisation_comes_with_someone_to_ask(facts_of_actors, facet):
    told = {slug: _text(reply) for slug, reply in facts_of_actors(facet).items()}
    assert {slug: text for slug, text in told.items() if NOT_KNOWN.search(text) and not WAY.search(text)} == {}


def test_something_is_not_known_of_some_organisation(facts_of_actors):
    """Else the test above checks nothing."""
    assert [facet for facet in FACETS if any(NOT_KNOWN.search(_text(reply)) for reply in facts_of_actors(facet).values())]


def test_whom_to_ask_is_in_the_place_of_the_person(houses, whole):
    """The SADC of Charlevoix has no known contact: who asks from L’Île-d’Orléans is sent to the MRC there."""
    actor, services = next(h for h in houses if h.actor.slug == "sadc-charlevoix")
    entity = {"entity": "actor", "value": actor.slug, "actor": actor.slug}
    asked = Turn("leur taux", "ask_interest", entities=(entity,), slots={"place": ["mrc-l-ile-d-orleans"]})
    assert "MRC de L’Île-d’Orléans" in _text(tell_facet(asked, actor, services, whole))


def test_every_closed_organisation_is_told_closed_with_what_comes_next(access):
    closed = [actor for actor in actors(access.session) if actor.status == "closed"]
    assert closed
    for actor in closed:
        text = _text(told_closed(actor, access))
        assert ENDED.search(text), text
        assert re.search(r"Source", text), text
        assert re.search(r"maintenant|Trouver une autre porte|À qui le demander|MRC", text), text


@pytest.mark.parametrize("facet", ["ask_amount", "ask_contact", "list_services", "ask_how_to_apply", "ask_what_is"])
def test_a_closed_organisation_is_never_told_as_if_it_were_open(houses, facts_of_actors, facet):
    told = {h.actor.slug: _text(facts_of_actors(facet)[h.actor.slug]) for h in houses if h.actor.status == "closed"}
    assert told
    assert {slug: text for slug, text in told.items() if not ENDED.search(text)} == {}


@pytest.mark.parametrize(
    ("amount", "form"), [(1, None), (40_000, None), (10_000_000, None), (None, "private"), (None, "cooperative"), (None, "obnl")]
)
def test_how_an_amount_or_a_form_fits_is_told_for_every_organisation_without_failing(houses, amount, form):
    told = {h.actor.slug: fit(h.actor, h.services, amount, form) for h in houses}
    assert {slug: text for slug, text in told.items() if HOLE.search(text)} == {}
    assert not [text for text in told.values() if "refus" in text]
