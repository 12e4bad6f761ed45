"""Properties that hold for every organisation of the real directory: a door on each card, facts that never fail."""

import re

import pytest
from sqlalchemy import select

from actions import facts
from actions.cards import card_of_actor, card_of_match, card_of_mrc
from actions.telling import answer_facet, told_closed
from actions.turn import Turn
from directory.models import Territory
from directory.queries import actors, services_of
from directory.routing import Profile, services_for
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES

FACETS = sorted(facts.UNKNOWN)
WAYS = ("phone", "email", "website", "first_step")
# Holes that a template leaves: Python's nothing, an empty pair, a doubled sign.
HOLE = re.compile(r"\bNone\b|\bnull\b|\(\)|«\u00a0\u00a0»|\.\.(?!\.)|,,| ,|\[\]|\{\}| {2,}|: ?\.|;\.")


def _text(reply) -> str:
    told = [message.text for message in reply.messages]
    told += [button.title for message in reply.messages for button in message.buttons]
    return "\n".join(told)


def _asked(actor, facet: str) -> Turn:
    entity = {"entity": "actor", "value": actor.slug, "actor": actor.slug}
    return Turn("c'est quoi", facet, 0.9, ((facet, 0.9),), entities=(entity,))


def test_every_organisation_has_a_card_with_a_door(access):
    cards = [card_of_actor(actor, access) for actor in actors(access.session)]
    assert cards
    assert [card.name for card in cards if not any(getattr(card, way) for way in WAYS)] == []


def test_every_card_says_what_the_organisation_is(access):
    assert [card.name for actor in actors(access.session) if not (card := card_of_actor(actor, access)).does] == []


def test_every_card_says_its_source_and_its_date(access):
    wrong = [card.name for actor in actors(access.session) if not ((card := card_of_actor(actor, access)).source and card.as_of)]
    assert wrong == []


def test_the_door_of_someone_without_known_contact_is_in_the_place_of_the_person(access):
    wrong = []
    for actor in actors(access.session):
        if actor.website or actor.phone or actor.email or actor.status == "closed":
            continue
        card = card_of_actor(actor, access, places=("10043",))
        if "mrcrimouskineigette" not in card.website:
            wrong.append(f"{card.name}: {card.website}")
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


@pytest.mark.parametrize("facet", FACETS)
def test_a_fact_of_every_organisation_is_told_without_failing_or_leaving_a_hole(access, facet):
    wrong = {}
    for actor in actors(access.session):
        text = _text(answer_facet(_asked(actor, facet), access))
        if not text.strip() or HOLE.search(text):
            wrong[actor.slug] = text
    assert wrong == {}


@pytest.mark.parametrize("facet", FACETS)
def test_a_fact_of_every_programme_is_told_without_failing_or_leaving_a_hole(access, facet):
    wrong = {}
    for actor in actors(access.session):
        for service in services_of(access.session, actor.slug):
            entity = {"entity": "service", "value": service.slug, "actor": actor.slug}
            text = _text(answer_facet(Turn("c'est quoi", facet, 0.9, ((facet, 0.9),), entities=(entity,)), access))
            if not text.strip() or HOLE.search(text):
                wrong[service.slug] = text
    assert wrong == {}


@pytest.mark.parametrize("facet", ["ask_amount", "ask_area", "ask_contact", "ask_eligibility", "ask_status", "list_services"])
def test_a_fact_names_the_organisation_or_its_programme(access, facet):
    """Read alone, in a chat, « 20 000 $ » is of no use."""
    silent = []
    for actor in actors(access.session):
        if actor.status == "closed":
            continue
        text = _text(answer_facet(_asked(actor, facet), access)).lower()
        names = [actor.name, actor.short_name or actor.name, *(s.name for s in services_of(access.session, actor.slug))]
        if not any(name.lower() in text for name in names):
            silent.append(f"{actor.slug}: {text}")
    assert silent == []


def test_what_is_not_known_of_an_organisation_comes_with_someone_to_ask(access):
    way = re.compile(r"\d{3} \d{3}-\d{4}|[\w-]+\.(?:ca|com|coop|org|info|quebec|net)\b|@")
    doorless = {}
    for actor in actors(access.session):
        texts = {facet: _text(answer_facet(_asked(actor, facet), access)) for facet in FACETS}
        if without := [facet for facet, text in texts.items() if "ne donnent pas" in text and not way.search(text)]:
            doorless[actor.slug] = without
    assert doorless == {}


def test_every_closed_organisation_is_told_closed_with_what_comes_next(access):
    closed = [actor for actor in actors(access.session) if actor.status == "closed"]
    assert closed
    for actor in closed:
        text = _text(told_closed(actor, access))
        assert re.search(r"cess|n’existe plus|ferm|termin|fait partie", text), text
        assert re.search(r"Source", text), text
        assert re.search(r"maintenant|Trouver une autre porte|À qui le demander|MRC", text), text


@pytest.mark.parametrize("facet", ["ask_amount", "ask_contact", "list_services", "ask_how_to_apply", "ask_what_is"])
def test_a_closed_organisation_is_never_told_as_if_it_were_open(access, facet):
    for actor in actors(access.session):
        if actor.status == "closed":
            text = _text(answer_facet(_asked(actor, facet), access))
            assert re.search(r"cess|n’existe plus|ferm|termin|fait partie", text), f"{actor.slug}: {text}"


@pytest.mark.parametrize(
    ("amount", "form"), [(1, None), (40_000, None), (10_000_000, None), (None, "private"), (None, "cooperative"), (None, "obnl")]
)
def test_how_an_amount_or_a_form_fits_is_told_for_every_organisation_without_failing(access, amount, form):
    told = {a.slug: facts.fit(a, services_of(access.session, a.slug), amount, form) for a in actors(access.session)}
    assert {slug: text for slug, text in told.items() if HOLE.search(text)} == {}
    assert not [text for text in told.values() if "refus" in text]
