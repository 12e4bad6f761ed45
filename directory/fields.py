"""What each field of a seed record may hold, and how its text becomes a plain value.

A record is a dict of plain values (text, numbers, lists, dicts): what a seed file holds, what the database
gives back, and what a revision keeps. Absent and empty are the same, so a new optional field changes no record.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from directory.vocabulary import ACTOR_KINDS, FACETS, LEGAL_FORMS, NEEDS, STAGES, STATUSES, SUBJECTS

Reader = Callable[[object], object]


@dataclass(frozen=True)
class Field:
    """One field: its reader raises ValueError with what is wrong, in French; `default` stands for nothing."""

    read: Reader
    required: bool = False
    default: object = None


def text(value: object) -> str:
    """Return the text, stripped; numbers and dates as YAML reads them become text again."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("un texte est attendu")
    return str(value).strip()


def matching(pattern: str, meaning: str) -> Reader:
    """Return a reader of texts that match `pattern` whole."""

    def read(value: object) -> str:
        if not re.fullmatch(pattern, text(value)):
            raise ValueError(f"«\u00a0{value}\u00a0» n’est pas {meaning}")
        return text(value)

    return read


def one_of(codes: Iterable[str]) -> Reader:
    """Return a reader of one of `codes`."""
    known = list(codes)

    def read(value: object) -> str:
        if value not in known:
            raise ValueError(f"«\u00a0{value}\u00a0» n’est pas un de\u00a0: {', '.join(known)}")
        return value

    return read


def listed(read_one: Reader) -> Reader:
    """Return a reader of lists; repeated values are refused, empty ones dropped."""

    def read(value: object) -> list:
        if not isinstance(value, list):
            raise ValueError("une liste est attendue")
        found = [read_one(each) for each in value if each not in (None, "")]
        twice = sorted({str(each) for each in found if found.count(each) > 1})
        if twice:
            raise ValueError(f"répété\u00a0: {', '.join(twice)}")
        return found

    return read


def codes_of(codes: Iterable[str]) -> Reader:
    """Return a reader of lists of `codes`, given back in the order of the vocabulary."""
    known = list(codes)
    read_list = listed(one_of(known))
    return lambda value: sorted(read_list(value), key=known.index)


def flag(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ValueError("true ou false est attendu")
    return value


def dollars(value: object) -> int:
    """Return a whole number of dollars, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"«\u00a0{value}\u00a0» n’est pas un nombre entier de dollars")
    return value


def share(value: object) -> float:
    """Return a number; that it lies between 0 and 1 is for `directory check` to say."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"«\u00a0{value}\u00a0» n’est pas une part, comme 0.5")
    return float(value)


def day(value: object) -> str:
    """Return a day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text(value)).isoformat()
    except ValueError:
        raise ValueError(f"«\u00a0{value}\u00a0» n’est pas une date AAAA-MM-JJ") from None


def contact(value: object) -> dict[str, str]:
    """Return the ways to reach an actor, without the empty ones."""
    known = ("website", "phone", "email", "address", "city")
    if not isinstance(value, dict) or set(value) - set(known):
        raise ValueError(f"seulement {', '.join(known)} sont attendus")
    return {key: text(value[key]) for key in known if value.get(key) not in (None, "")}


def place(value: object) -> dict[str, object]:
    """Return a coverage as {code, part, note}; a bare code covers the whole territory."""
    given = {"code": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or not given.get("code") or set(given) - {"code", "part", "note"}:
        raise ValueError(f"«\u00a0{value}\u00a0» n’est ni un code de territoire ni {{code, part, note}}")
    note = given.get("note")
    return {"code": text(given["code"]), "part": flag(given.get("part") or False), "note": note and text(note)}


def places(value: object) -> list[dict[str, object]]:
    """Return the coverages by code, each code once."""
    found = listed(place)(value)
    listed(text)([each["code"] for each in found])
    return sorted(found, key=lambda each: each["code"])


def names(value: object) -> list[str]:
    """Return other names, in alphabetical order."""
    return sorted(listed(text)(value))


def _list(read: Reader) -> Field:
    return Field(read, default=[])


_TEXT = Field(text)
_NAME = Field(text, required=True)
_SLUG = matching(r"[a-z0-9]+(-[a-z0-9]+)*", "un identifiant (minuscules, chiffres, traits d’union)")
_TOPIC = matching(r"[a-z0-9]+(_[a-z0-9]+)*", "un identifiant (minuscules, chiffres, tirets bas)")
_STATUS = Field(one_of(STATUSES), default="active")

ACTOR = {
    "slug": Field(_SLUG, required=True),
    "name": _NAME,
    "short_name": _TEXT,
    "aliases": _list(names),
    "kind": Field(one_of(ACTOR_KINDS), required=True),
    "status": _STATUS,
    "successor": Field(_SLUG),
    "dedicated": Field(flag, default=False),
    "summary": _TEXT,
    "covers": _list(places),
    "contact": Field(contact, default={}),
    "verified_on": Field(day),
    "source": _TEXT,
    "other_sources": _list(listed(text)),
    "as_of": _TEXT,
    "note": _TEXT,
}

SERVICE = {
    "slug": Field(_SLUG, required=True),
    "actor": Field(_SLUG, required=True),
    "name": _NAME,
    "aliases": _list(listed(text)),
    "category": _TEXT,
    "needs": _list(codes_of(NEEDS)),
    "legal_forms": _list(codes_of(LEGAL_FORMS)),
    "stages": _list(codes_of(STAGES)),
    "amount_min": Field(dollars),
    "amount_max": Field(dollars),
    "share_of_cost_max": Field(share),
    "cost": _TEXT,
    "conditions": _list(listed(text)),
    "requires": _TEXT,
    "uses": _list(listed(text)),
    "how_to_apply": _TEXT,
    "summary": _TEXT,
    "valid_from": Field(day),
    "valid_to": Field(day),
    "status": _STATUS,
    "source": _TEXT,
    "other_sources": _list(listed(text)),
    "as_of": _TEXT,
    "note": _TEXT,
}

ANSWER = {
    "slug": Field(_TOPIC, required=True),
    "rows": _list(listed(text)),
    "question": _NAME,
    "label": _NAME,
    "text": _NAME,
    "subject": Field(one_of(SUBJECTS)),
    "facet": Field(one_of(FACETS)),
    "actor": Field(_SLUG),
    "service": Field(_SLUG),
    "legal_form": Field(one_of(LEGAL_FORMS)),
    "stage": Field(one_of(STAGES)),
    "twin": Field(_TOPIC),
    "next": _list(listed(_TOPIC)),
    "see": _list(listed(_SLUG)),
    "sources": _list(listed(text)),
    "as_of": _TEXT,
    "status": _STATUS,
}

PLACE_ALIAS = {
    "name": _NAME,
    "territories": Field(names, required=True),
    "source": _TEXT,
}


def read_record(given: object, fields: Mapping[str, Field]) -> tuple[dict, list[str]]:
    """Return the record with each default filled in, and what is wrong with it, one text a problem."""
    if not isinstance(given, dict):
        return {}, ["une fiche «\u00a0champ: valeur\u00a0» est attendue"]
    unknown = [f"champ inconnu\u00a0: {name}" for name in given if name not in fields]
    record, wrong = read_fields(given, fields)
    return record, unknown + [f"{name}\u00a0: {problem}" for name, problem in wrong.items()]


def read_fields(given: Mapping[str, object], fields: Mapping[str, Field]) -> tuple[dict, dict[str, str]]:
    """Return the record with each default filled in, without the fields that cannot be read, and what is wrong with each of those."""
    record: dict = {}
    wrong: dict[str, str] = {}
    for name, field in fields.items():
        try:
            record[name] = _read_field(given.get(name), field)
        except ValueError as error:
            wrong[name] = str(error)
    return record, wrong


def _read_field(value: object, field: Field) -> object:
    value = value.strip() if isinstance(value, str) else value
    if value not in (None, "", [], {}):
        return field.read(value)
    if field.required:
        raise ValueError("manque")
    return deepcopy(field.default)
