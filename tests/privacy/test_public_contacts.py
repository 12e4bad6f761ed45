"""The contacts of the directory are public: whole in the words of the assistant, on every channel; typed by a person, they are masked.

The door reads what people type and knows no directory: whose number it is does not change what becomes of it.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Any

import pytest
from planted_set import MARK, digits
from sqlalchemy import select

from actions.access import Access
from actions.cards import card_of_actor, card_of_mrc
from actions.contacts import office_of
from actions.facts import contact
from actions.telling import tell
from bot.channels.rendering import ours
from bot.conversations.models import Outbound
from bot.door import enter
from bot.messenger.rendering import rendered
from directory.models import Territory
from directory.places import PlaceIndex
from directory.queries import actors, answers_query

CONTACT = re.compile(r"\(?\b[2-9]\d{2}\)?[ \u00a0.-]\d{3}[ \u00a0.-]\d{4}\b|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@pytest.fixture(scope="module")
def access(seeded: Any) -> Iterator[Access]:
    """The seeded directory on a fixed day."""
    with seeded() as session:
        yield Access(session, PlaceIndex.load(session), date(2026, 11, 24))


def _told(text: str = "", cards: Any = ()) -> list[str]:
    """Return what the widget and Messenger show of a reply."""
    content = {"text": text, "buttons": [], "cards": [card.as_dict() for card in cards]}
    out = Outbound(seq=2, answers=1, last=True, content=content, sent_at=datetime(2026, 11, 24, tzinfo=timezone.utc))
    return [json.dumps(shown, ensure_ascii=False).replace("\\n", "\n") for shown in (ours(out), rendered(content))]


def _lost(name: str, contacts: Any, told: list[str]) -> list[str]:
    return [f"{name}: {way}" for way in contacts if way for shown in told if way not in shown or MARK.search(shown)]


def test_every_card_shows_the_contacts_that_it_holds_whole(access):
    lost, shown = [], 0
    for actor in actors(access.session):
        card = card_of_actor(actor, access)
        contacts = CONTACT.findall(json.dumps(card.as_dict(), ensure_ascii=False))
        lost += _lost(card.name, contacts, _told(cards=[card]))
        shown += len(contacts)
    assert shown > 25
    assert lost == []


def test_every_organisation_asked_how_to_be_reached_gives_its_contacts_whole(access):
    lost = []
    for actor in actors(access.session):
        lost += _lost(actor.slug, (actor.phone, actor.email), _told(contact(actor, actor.services)))
    assert lost == []


def test_the_office_of_every_mrc_gives_its_contacts_whole(access):
    lost, shown = [], 0
    for mrc in access.session.scalars(select(Territory).where(Territory.level == "mrc")):
        office, card = office_of(mrc), card_of_mrc(mrc, access)
        contacts = [way for way in (office.phone, office.email) if way and way in json.dumps(card.as_dict(), ensure_ascii=False)]
        lost += _lost(mrc.name, contacts, _told(cards=[card]))
        shown += len(contacts)
    assert shown > 10
    assert lost == []


def test_every_answer_shows_the_contacts_that_it_holds_whole(access):
    lost, shown = [], 0
    for answer in access.session.scalars(answers_query()):
        for message in tell(answer, access).messages:
            contacts = CONTACT.findall(message.text)
            lost += _lost(answer.slug, contacts, _told(message.text, message.cards))
            shown += len(contacts)
    assert shown > 0
    assert lost == []


def test_a_contact_of_the_directory_that_a_person_types_is_masked_like_any_other(access):
    kept = []
    for actor in actors(access.session):
        ways = [way for way in (actor.phone, actor.email) if way and (len(digits(way)) >= 10 or "@" in way)]
        kept += [(actor.slug, way) for way in ways if not enter(f"c'est qui au {way}?").masked]
    assert kept == []
