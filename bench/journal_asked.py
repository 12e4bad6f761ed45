"""What is asked of the console over a journal full of made-up conversations: filters one by one and two by two, pages, the needs map."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.journal_made import ACCOUNTS, READ_ALL_LATELY
from bench.journal_world import World, own_word
from journal import inbox
from journal.filters import ANY, DOWN, ME, NOBODY, OLDEST, UP, Filters, Place
from journal.models import Conversation
from journal.queues import QUEUES

# Who asks: somebody who has read a good part of the conversations.
READER = ACCOUNTS[0]
DEEP = 20
INBOX, NEEDS = "/conversations/", "/besoins/"
ONE, TWO, TURNED, QUEUED, READ, MAPPED = "one filter", "two filters", "page 20", "a queue", "a conversation", "needs map"
DRAWN = "a drawing of the needs map"
_DRAWING = re.compile(r'(?:src|srcset)="(/besoins/dessin\.svg\?[^" ]+)')


@dataclass(frozen=True)
class Asked:
    """A page: its group and its name in the report, its address, and who asks for it."""

    group: str
    name: str
    address: str
    who: str = READER


def singles(world: World, until: date) -> dict[str, Filters]:
    """Return each filter alone, with a value that many conversations have, one that few have, and one that none has."""
    labels, week = world.labels, until - timedelta(days=6)
    large, small = ([place for place in world.places if place[0] == region] for region in ("R06", "R10"))
    topics, rare = [label for label in labels if "/" in label], own_word(150_000)
    return {
        "none": Filters(),
        "oldest first": Filters(order=OLDEST),
        "status: to review": Filters(status="to_review"),
        "status: later": Filters(status="later"),
        "words: in three conversations of four": Filters(words="coop"),
        "words: in one of twenty-five": Filters(words="financement"),
        "words: one letter": Filters(words="c"),
        "words: rare": Filters(words=rare),
        "words: in none": Filters(words="zzyzx"),
        "words: two common": Filters(words="coop financement"),
        "words: common and rare": Filters(words=f"coop {rare}"),
        "words: a sentence": Filters(words="comment trouver du financement pour une"),
        "words: a sentence and a rare word": Filters(words=f"je veux savoir comment faire pour avoir {rare}"),
        "since a week": Filters(since=week),
        "until a month ago": Filters(until=until - timedelta(days=30)),
        "one day": Filters(since=week, until=week),
        "before all": Filters(until=until - timedelta(days=200)),
        "place: Montréal": Filters(place=Place("region", "R06")),
        "place: Nord-du-Québec": Filters(place=Place("region", "R10")),
        "place: a large municipality": Filters(place=Place("municipality", large[0][2])),
        "place: a small municipality": Filters(place=Place("municipality", small[-1][2])),
        "place: in none": Filters(place=Place("mrc", "mrc-nowhere")),
        "need: financement": Filters(need="financement"),
        "need: reprise": Filters(need="reprise"),
        "outcome: proposed": Filters(outcome="proposed"),
        "outcome: nothing found": Filters(outcome="nothing_found"),
        "unmet need: any": Filters(unmet=ANY),
        "unmet need: reprise": Filters(unmet="reprise"),
        "actor: the most proposed": Filters(actor=world.actors[0]),
        "actor: the least proposed": Filters(actor=world.actors[-1]),
        "actor: in none": Filters(actor="nobody"),
        "channel: web": Filters(channel="web"),
        "intent: the most said": Filters(intent=topics[0].partition("/")[0]),
        "intent: the least said": Filters(intent=[label for label in labels if "/" not in label][-1]),
        "intent: in none": Filters(intent="nothing"),
        "topic: the most said": Filters(intent=topics[0]),
        "topic: the least said": Filters(intent=topics[-1]),
        "topic: in none": Filters(intent=f"{topics[0]}_not"),
        "confidence below 35 %": Filters(below=35),
        "confidence below 1 %": Filters(below=1),
        "confidence below 0 %": Filters(below=0),
        "not understood": Filters(fallback=True),
        "not in the directory": Filters(unheld=True),
        "thumbs: down": Filters(thumbs=DOWN),
        "thumbs: up": Filters(thumbs=UP),
        "thumbs: any": Filters(thumbs=ANY),
        "tag: the most used": Filters(tag="à rappeler"),
        "tag: the least used": Filters(tag="rare"),
        "tag: in none": Filters(tag="nothing"),
        "assignee: me": Filters(assignee=ME),
        "assignee: nobody": Filters(assignee=NOBODY),
        "assignee: in none": Filters(assignee="zoe"),
        "unread": Filters(unread=True),
        "named": Filters(named=True),
        "flagged": Filters(flagged=True),
        "20 messages or more": Filters(min_messages=20),
        "60 messages or more": Filters(min_messages=60),
        "500 messages or more": Filters(min_messages=500),
        "1 message": Filters(max_messages=1),
        "a random 1 %": Filters(lot=10),
        "a random 0 %": Filters(lot=0),
        "begun in a week": Filters(begun_since=week, begun_until=until),
        "result: unmet, of a quarter": Filters(result="unmet", begun_since=until - timedelta(days=89), begun_until=until),
        "theme: reprise": Filters(theme="reprise"),
        "theme: none": Filters(theme="@none"),
        "search left at: stage": Filters(waited="stage"),
        "rating: down": Filters(rating="down"),
        "question without answer: the most asked": Filters(unanswered=labels[0]),
        "question without answer: the least asked": Filters(unanswered=labels[-1]),
        "question without answer: in none": Filters(unanswered="nothing"),
        "matter not held: the most asked": Filters(matter=labels[0]),
        "matter not held: in none": Filters(matter="nothing"),
        "no MRC": Filters(no_mrc=True),
    }


# Those that are asked two by two: for each kind of filter, a common or a rare value.
PAIRED = (
    *("status: to review", "words: in one of twenty-five", "words: rare", "since a week", "place: Montréal", "place: a small municipality"),
    *("need: reprise", "outcome: nothing found", "unmet need: any", "actor: the most proposed", "actor: the least proposed"),
    *("channel: web", "intent: the most said", "topic: the least said", "confidence below 1 %", "not understood", "not in the directory"),
    *("thumbs: down", "tag: the least used", "assignee: me", "unread", "named", "flagged", "60 messages or more", "a random 1 %"),
    *("begun in a week", "theme: reprise", "question without answer: the least asked"),
)


def first_pages(world: World, until: date) -> Iterator[Asked]:
    """Yield the first page of each filter, then of pairs of them."""
    alone = singles(world, until)
    for name, filters in alone.items():
        yield Asked(ONE, name, _inbox(filters))
    yield Asked(ONE, "unread, by who has read the last tenth of them", _inbox(Filters(unread=True)), READ_ALL_LATELY)
    for one, other in combinations(PAIRED, 2):
        if not alone[one].asked.keys() & alone[other].asked.keys():
            yield Asked(TWO, f"{one} + {other}", _inbox(Filters(**alone[one].asked, **alone[other].asked)))
    for name, filters in QUEUES.items():
        yield Asked(QUEUED, name, _inbox(filters))


def further(session: Session, world: World, until: date) -> Iterator[Asked]:
    """Yield the twentieth page of some filters, the way back, and a conversation of it with those before and after."""
    alone = singles(world, until)
    for name in ("none", "words: in one of twenty-five", "place: Montréal", "intent: the most said", "not understood", "unread"):
        filters, mark = alone[name], None
        for _ in range(DEEP - 1):
            page = inbox.page(session, filters, READER, mark)
            mark = page.after or mark
        if mark is not None:
            yield Asked(TURNED, name, _inbox(filters, after=str(mark)))
            yield Asked(TURNED, f"{name}, the way back", _inbox(filters, before=str(mark)))
            yield Asked(READ, f"found by: {name}", f"{INBOX}{mark.id}?{filters}")
    longest = session.execute(select(Conversation.id).order_by(Conversation.messages.desc()).limit(1)).scalar_one()
    yield Asked(READ, "the longest", f"{INBOX}{longest}")


def maps(until: date) -> Iterator[Asked]:
    """Yield the pages of the needs map: a week, a quarter, a year of which three quarters were purged, one region, from the beginning."""
    for name, days, more in (
        ("7 days", 7, {}),
        ("30 days", 30, {}),
        ("90 days", 90, {}),
        ("90 days, Montréal", 90, {"region": "R06"}),
        ("365 days", 365, {}),
        ("365 days, Nord-du-Québec, by month", 365, {"region": "R10", "step": "month"}),
    ):
        since = until - timedelta(days=days - 1)
        yield Asked(MAPPED, name, f"{NEEDS}?{urlencode({'period': 'own', 'since': since, 'until': until, **more})}")


def drawings(page: str) -> list[str]:
    """Return the addresses of the drawings of a page of the needs map."""
    return list(dict.fromkeys(address.replace("&amp;", "&") for address in _DRAWING.findall(page)))


def _inbox(filters: Filters, **marks: str) -> str:
    query = "&".join(filter(None, [str(filters), urlencode(marks)]))
    return f"{INBOX}?{query}" if query else INBOX
