"""What the address of a page asks of the inbox: filters, names that staff typed in place of codes, and what could not be understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import request, url_for

from console.databases import directory_session
from console.review import words
from console.review.names import find_actors, find_places
from directory.vocabulary import NEEDS
from journal.filters import ANY, Filters, Untold, read
from journal.inbox import Mark, read_mark

# The names of places and organisations that the form gives in place of codes.
BY_NAME = {"place_name": "place", "actor_name": "actor"}
KNOWN = {"need": {*NEEDS}, "unmet": {*NEEDS, ANY}, "channel": {*words.CHANNELS}}


@dataclass(frozen=True)
class Choice:
    """A name that stands for several things: what was typed, and each of them with the address that asks for it."""

    what: str
    typed: str
    found: list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """The filters of a page, where it begins, what could not be read, and the names that stand for several things or for none."""

    filters: Filters
    after: Mark | None = None
    before: Mark | None = None
    untold: list[Untold] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The address of the page."""
        marks = {name: str(mark) for name, mark in (("after", self.after), ("before", self.before)) if mark}
        return address_of(self.filters, **marks)


def address_of(filters: Filters, **more: str) -> str:
    """Return the address of the inbox under these filters."""
    return with_filters(url_for("review.inbox"), filters, **more)


def with_filters(address: str, filters: Filters, **more: str) -> str:
    """Return an address that carries these filters, and what else it is given."""
    query = "&".join([*filter(None, [str(filters)]), *(f"{name}={value}" for name, value in more.items())])
    return f"{address}?{query}" if query else address


def asked() -> Asked:
    """Return what the address of the request asks for."""
    filters, untold = filters_of(request.args)
    given, choices = _by_names(filters, request.args)
    marks = {name: read_mark(request.args.get(name, "")) for name in ("after", "before")}
    return Asked(given, marks["after"], marks["before"], untold, choices)


def filters_of(values: Mapping[str, str]) -> tuple[Filters, list[Untold]]:
    """Return the filters that `values` give, and those that cannot be."""
    return read(values, KNOWN)


def carried() -> Filters:
    """Return the filters that the page was opened with, from its address: those of a form too, whose address carries them."""
    return filters_of(request.args)[0]


def _by_names(filters: Filters, values: Mapping[str, str]) -> tuple[Filters, list[Choice]]:
    choices = []
    for name, filter_name in BY_NAME.items():
        typed = values.get(name, "").strip()[:100]
        if name not in values or (typed and typed == values.get(f"{name}_was", "").strip()):
            # The form does not ask, or says again what it was given.
            continue
        filters = filters.without(filter_name)
        found = _found(filter_name, typed) if typed else []
        if len(found) == 1:
            filters = replace(filters, **{filter_name: found[0][0]})
        elif typed:
            choices.append(Choice(filter_name, typed, [(told, _with(filters, filter_name, value)) for value, told in found]))
    return filters, choices


def _found(name: str, typed: str) -> list[tuple[object, str]]:
    look = find_places if name == "place" else find_actors
    return [*look(directory_session(), typed)]


def _with(filters: Filters, name: str, value: object) -> str:
    return address_of(replace(filters, **{name: value}))
