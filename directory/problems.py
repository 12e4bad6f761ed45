"""What is wrong with a record, told beside the field where it is mended, in French, with the remedy."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from directory.checking import LABEL_MAX_CHARACTERS, Check
from directory.records import Record, Records
from directory.text import fold_key


@dataclass(frozen=True)
class Problem:
    """What is wrong with `field` (`contact.phone`; "" for the whole record), and what to do."""

    field: str
    told: str


Change = tuple[str, str]
# By check: the field where it is mended, and what is told. None: the field or the words depend on the record.
_TOLD: dict[str, tuple[str | None, str | None]] = {
    "no_source": ("source", "dites d’où vient l’information\u00a0: l’adresse de la page, ou «\u00a0appel à l’organisme\u00a0»"),
    "closed_without_note": ("note", "un organisme fermé garde une note\u00a0: dites ce qui est arrivé, et quand"),
    "unknown_territory": ("covers", "ce territoire n’est pas dans l’annuaire\u00a0: cherchez-le par son nom"),
    "amounts": (None, None),
    "dates": ("valid_to", "la fin vient avant le début\u00a0: corrigez l’une des deux dates"),
    "shared_alias": (None, None),
    "unknown_reference": (None, None),
    "duplicate": (None, None),
    "long_label": ("label", f"ce libellé tient sur un bouton\u00a0: {LABEL_MAX_CHARACTERS} caractères au plus"),
}
# By check: the records that it looks at.
_ENTITIES = {
    "closed_without_note": ("actor",),
    "shared_alias": ("actor",),
    "amounts": ("service",),
    "dates": ("service",),
    "long_label": ("answer",),
    "unknown_territory": ("actor", "place_alias"),
    "unknown_reference": ("actor", "answer"),
    "duplicate": ("service", "answer"),
    "no_source": ("actor", "service", "answer"),
}
_REFERENCES = {
    "successeur": ("successor", "ce successeur n’est pas dans l’annuaire\u00a0: ajoutez-le d’abord, ou laissez vide"),
    "service": ("service", "ce service n’est pas dans l’annuaire\u00a0: choisissez-en un autre, ou laissez vide"),
}


def unreadable(field: str, problem: str) -> str:
    """Return what is told of a field whose text cannot be read."""
    if problem == "manque":
        return "ce champ est nécessaire\u00a0: remplissez-le"
    return f"{problem}\u00a0: corrigez, ou videz le champ"


def problems_of(
    check: Check, line: str, after: Records, changes: Mapping[Change, Record | None], known: bool
) -> Iterator[tuple[Change, Problem]]:
    """Yield the changes that a finding of `check` is about, each with the problem to tell.

    `known`: the finding was there before the changes; it then counts for the records that are being changed only.
    """
    keys = _keys(check, line)
    own = [change for change in changes if change[1] in keys and _about(check, change, changes[change])]
    if own:
        yield from ((change, _problem(check, line, after, change, changes[change])) for change in own)
    elif not known:
        yield from ((change, Problem("", _elsewhere(check, line, after))) for change in _causes(check, line, changes))


def _keys(check: Check, line: str) -> list[str]:
    """Return the keys of the records that a finding is about: one, or those that say the same."""
    first, _, rest = line.partition("\u00a0: ")
    if check.code == "shared_alias":
        return first.split(", ")
    return [first, rest.removeprefix("comme ")] if check.code == "duplicate" else [first]


def _about(check: Check, change: Change, record: Record | None) -> bool:
    """A finding of `check` may be about this record: keys of different entities may be equal."""
    return record is not None and change[0] in _ENTITIES.get(check.code, ())


def _problem(check: Check, line: str, after: Records, change: Change, record: Record | None) -> Problem:
    field, told = _TOLD.get(check.code, (None, None))
    assert record is not None
    if check.code == "amounts":
        return _amounts(line)
    if check.code == "shared_alias":
        return _shared(line, after, change[1], record)
    if check.code == "unknown_reference":
        return _reference(line, record)
    if check.code == "duplicate":
        other = next(key for key in _keys(check, line) if key != change[1])
        field = "name" if change[0] == "service" else "question"
        return Problem(field, f"«\u00a0{_name(after, change[0], other)}\u00a0» dit la même chose\u00a0: modifiez cette fiche-là")
    if check.code == "no_source" and "sources" in record:
        field = "sources"
    if check.code == "unknown_territory" and change[0] == "place_alias":
        field = "territories"
    return Problem(field or "", told or f"{check.title}\u00a0: {line}")


def _amounts(line: str) -> Problem:
    if "part de" in line:
        return Problem("share_of_cost_max", "la part du coût va de 0 à 100\u00a0%\u00a0: corrigez-la")
    return Problem("amount_max", "le montant le plus haut est sous le plus bas\u00a0: corrigez l’un des deux")


def _shared(line: str, after: Records, key: str, record: Record) -> Problem:
    name = line[line.index("«\u00a0") + 2 : line.rindex("\u00a0»")]
    others = [slug for slug in line.partition("\u00a0: ")[0].split(", ") if slug != key]
    who = ", ".join(_name(after, "actor", slug) for slug in others)
    field = "aliases"
    for candidate in ("name", "short_name"):
        if record[candidate] and fold_key(record[candidate]) == name:
            field = candidate
    said = next((each for each in (record["name"], record["short_name"], *record["aliases"]) if each and fold_key(each) == name), name)
    return Problem(field, f"«\u00a0{said}\u00a0» est déjà le nom de {who}\u00a0: deux organismes ne peuvent pas le porter")


def _reference(line: str, record: Record) -> Problem:
    kind, _, slug = line.partition("\u00a0: ")[2].partition(" ")
    if kind in _REFERENCES:
        return Problem(*_REFERENCES[kind])
    told = "cette fiche n’est pas dans l’annuaire\u00a0: choisissez-en une autre, ou laissez vide"
    field = {"organisme": "actor" if record.get("actor") == slug else "see", "réponse": "twin" if record.get("twin") == slug else "next"}
    return Problem(field.get(kind, ""), told)


def _causes(check: Check, line: str, changes: Mapping[Change, Record | None]) -> list[Change]:
    """Return the changes by which another record becomes wrong: those of the records that the finding names, else all of them."""
    words = set(re.findall(r"[\w-]+", line))
    return [change for change in changes if change[1] in words] or list(changes)


def _elsewhere(check: Check, line: str, after: Records) -> str:
    key = line.partition("\u00a0: ")[0]
    entity = next((entity for entity in ("answer", "actor", "service") if key in after[entity]), "actor")
    kinds = {"answer": "la réponse", "actor": "l’organisme", "service": "le service"}
    if check.code == "unknown_reference":
        return f"{kinds[entity]} «\u00a0{_name(after, entity, key)}\u00a0» y renvoie encore\u00a0: modifiez d’abord cette fiche-là"
    return f"{check.title}\u00a0: {kinds[entity]} «\u00a0{_name(after, entity, key)}\u00a0»"


def _name(after: Records, entity: str, key: str) -> str:
    record = after[entity].get(key, {})
    return str(record.get("label") or record.get("name") or key)
