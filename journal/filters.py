"""What staff ask of the inbox: the filters, read from an address and written to it, whole and always in the same order."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from journal.finding import words_of
from journal.models import OUTCOMES, STATUSES
from journal.results import NONE, RESULTS

ME, NOBODY = "@me", "@nobody"
UP, DOWN, ANY = "up", "down", "any"
NEWEST, OLDEST = "newest", "oldest"
LEVELS = ("region", "mrc", "municipality", "sector")
LONGEST_TEXT = 200
# The years that a calendar may ask for, and the largest number of messages.
YEARS, MOST = (2000, 2100), 100_000


@dataclass(frozen=True)
class Untold:
    """A value of an address that no filter can have: it is left aside, and said."""

    name: str
    value: str


@dataclass(frozen=True)
class Place:
    """A place of any level below Québec, by its code; written `level:code`."""

    level: str
    code: str

    def __str__(self) -> str:
        return f"{self.level}:{self.code}"


def _asked(read: str, default: object = None, **options: object) -> Any:
    return field(default=default, metadata={"read": read, **options})


@dataclass(frozen=True)
class Filters:
    """The filters of the inbox; without any, every conversation. Days are those of Québec, both included.

    `below` is a confidence in percent, which the least understood sentence does not reach; `intent` is an intent or a whole label;
    `unmet` is a need, or ANY; `unheld` is whether something asked is not in the directory; `assignee` is a name, ME or NOBODY. The figures
    of the needs map open the inbox by `begun_since` and what follows it; NONE there is what was not said.
    """

    status: str | None = _asked("one_of", codes=STATUSES)
    words: str | None = _asked("words")
    since: date | None = _asked("day")
    until: date | None = _asked("day")
    place: Place | None = _asked("place")
    need: str | None = _asked("code")
    outcome: str | None = _asked("one_of", codes=OUTCOMES)
    unmet: str | None = _asked("code")
    actor: str | None = _asked("text")
    channel: str | None = _asked("code")
    intent: str | None = _asked("text")
    below: int | None = _asked("number", most=100)
    fallback: bool = _asked("yes", False)
    unheld: bool = _asked("yes", False)
    thumbs: str | None = _asked("one_of", codes=(DOWN, UP, ANY))
    tag: str | None = _asked("text")
    assignee: str | None = _asked("text")
    unread: bool = _asked("yes", False)
    named: bool = _asked("yes", False)
    flagged: bool = _asked("yes", False)
    min_messages: int | None = _asked("number", most=MOST)
    max_messages: int | None = _asked("number", most=MOST)
    lot: int | None = _asked("number", most=1_000)
    begun_since: date | None = _asked("day")
    begun_until: date | None = _asked("day")
    result: str | None = _asked("one_of", codes=RESULTS)
    theme: str | None = _asked("code_or_none")
    waited: str | None = _asked("code_or_none")
    rating: str | None = _asked("one_of", codes=(DOWN, UP, NONE))
    unanswered: str | None = _asked("text")
    matter: str | None = _asked("text")
    no_mrc: bool = _asked("yes", False)
    order: str = _asked("one_of", NEWEST, codes=(NEWEST, OLDEST))

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that narrow, by name, in the order of the address; the order of the list is none."""
        return {name: value for name, value in self._changed() if name != "order"}

    def __str__(self) -> str:
        """The filters as an address writes them, without `?`."""
        return urlencode([(name, _written(value)) for name, value in self._changed()])

    def without(self, *names: str) -> "Filters":
        """Return the same filters, those `names` left out."""
        return Filters(**{name: value for name, value in self._changed() if name not in names})

    def _changed(self) -> list[tuple[str, Any]]:
        return [(each.name, value) for each in fields(self) if (value := getattr(self, each.name)) != each.default]


def read(asked: Mapping[str, str], known: Mapping[str, Collection[str]] | None = None) -> tuple[Filters, list[Untold]]:
    """Return the filters that an address asks for, and the values that none can have. Names that are no filter's are not looked at.

    `known` gives the codes that a filter may have, where the caller knows them all.
    """
    found, untold = {}, []
    for each in fields(Filters):
        text = asked.get(each.name, "").strip()
        if not text:
            continue
        value = _READERS[each.metadata["read"]](each, text)
        if value is None or (known and each.name in known and str(value) not in known[each.name]):
            untold.append(Untold(each.name, text[:LONGEST_TEXT]))
        else:
            found[each.name] = value
    return Filters(**found), untold


def _written(value: object) -> str:
    return "1" if value is True else str(value)


def _one_of(each: Field, text: str) -> str | None:
    return text if text in each.metadata["codes"] else None


def _code(_each: Field, text: str) -> str | None:
    return text if re.fullmatch(r"[a-z0-9_]{1,32}", text) else None


def _code_or_none(each: Field, text: str) -> str | None:
    return NONE if text == NONE else _code(each, text)


def _text(_each: Field, text: str) -> str | None:
    return text if len(text) <= LONGEST_TEXT and "\0" not in text else None


def _words(each: Field, text: str) -> str | None:
    return " ".join(text.split()) if words_of(text) and _text(each, text) else None


def _number(each: Field, text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) and int(text) <= each.metadata["most"] else None


def _yes(_each: Field, text: str) -> bool | None:
    return True if text == "1" else None


def _day(_each: Field, text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if YEARS[0] <= found.year <= YEARS[1] else None


def _place(_each: Field, text: str) -> Place | None:
    level, _, code = text.partition(":")
    return Place(level, code) if level in LEVELS and (code == NONE or re.fullmatch(r"[\w.-]{1,96}", code)) else None


_READERS: dict[str, Callable[[Field, str], Any]] = {
    "code": _code,
    "code_or_none": _code_or_none,
    "day": _day,
    "number": _number,
    "one_of": _one_of,
    "place": _place,
    "text": _text,
    "words": _words,
    "yes": _yes,
}
