"""What is typed in a form, and the record that it means; whatever cannot be read stays as it was typed.

`Typed` holds texts by field, as the form shows them: one for most, lists of codes or keys for what is ticked, rows for the coverage.
"""

from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from console.actors.sheet import Input, inputs_of
from directory.csv_cells import value_of
from directory.labels import Names
from directory.problems import Problem
from directory.records import Record
from directory.text import fold

# What « Tout le Québec » and the like are searched by, at least.
SHORTEST_SEARCH = 2


@dataclass
class Typed:
    """A form as it is filled: `values` by field, `found` the places that a search gave, by field."""

    values: dict[str, object] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)
    searched: dict[str, str] = field(default_factory=dict)


def shown(entity: str, record: Record) -> Typed:
    """Return the form that shows a record."""
    return Typed({each.field: _shown(each, _held(record, each.field)) for each in inputs_of(entity)})


def _held(record: Record, field_: str) -> object:
    if field_.startswith("contact."):
        return (record.get("contact") or {}).get(field_.removeprefix("contact."))
    return record.get(field_)


def _shown(each: Input, value: object) -> object:
    if each.how in ("choices", "records", "places"):
        return list(value or [])
    if each.how == "covers":
        return [dict(place) for place in value or []]
    if each.how == "lines":
        return "\n".join(value or [])
    if each.how == "yes":
        return bool(value)
    if each.how == "dollars" and value is not None:
        return f"{value:,}".replace(",", "\u00a0")
    if each.how == "percent" and value is not None:
        return f"{value * 100:g}".replace(".", ",")
    return "" if value is None else str(value)


def typed(entity: str, form: MultiDict, names: Names) -> Typed:
    """Return the form as it came, the places that were searched for added when there is no doubt."""
    read = Typed()
    for each in inputs_of(entity):
        read.values[each.field] = _typed(each, form, names, read)
    return read


def _typed(each: Input, form: MultiDict, names: Names, read: Typed) -> object:
    if each.how == "yes":
        return each.field in form
    if each.how == "choices":
        return form.getlist(each.field)
    if each.how == "records":
        return list(dict.fromkeys([*form.getlist(each.field), *filter(None, [form.get(f"{each.field}_add", "")])]))
    if each.how == "covers":
        kept = [code for code in form.getlist(each.field) if f"drop-{code}" not in form]
        codes = dict.fromkeys([*kept, *_added(each.field, form, names, read)])
        return [{"code": code, "part": f"part-{code}" in form, "note": form.get(f"note-{code}", "").strip() or None} for code in codes]
    if each.how == "places":
        return list(dict.fromkeys([*form.getlist(each.field), *_added(each.field, form, names, read)]))
    return form.get(each.field, "").replace("\r\n", "\n")


def _added(field_: str, form: MultiDict, names: Names, read: Typed) -> list[str]:
    """Return the places that were ticked among those found, and the one that was named, if only one bears that name."""
    ticked, said = form.getlist(f"{field_}_found"), form.get(f"{field_}_add", "").strip()
    if not said or (ticked and said == form.get(f"{field_}_searched")):
        return ticked
    found = names.territories.find(said) if len(fold(said)) >= SHORTEST_SEARCH else []
    if len(found) == 1:
        return [*ticked, *found]
    read.searched[field_], read.found[field_] = said, [code for code in found if code not in ticked]
    return ticked


def meant(entity: str, read: Typed, held: Record | None) -> tuple[Record, list[Problem]]:
    """Return the record that a form means, over what is held for the fields that it does not show, and what cannot be read in it."""
    record: Record = dict(held or {})
    contact: dict[str, object] = {}
    wrong = []
    before = shown(entity, held or {}).values
    for each in inputs_of(entity):
        value = read.values[each.field]
        if each.field.startswith("contact."):
            contact[each.field.removeprefix("contact.")] = value
            continue
        try:
            unchanged = held is not None and value == before[each.field]
            record[each.field] = _held(held or {}, each.field) if unchanged else _meant(each, value)
        except ValueError as error:
            record[each.field] = None
            wrong.append(Problem(each.field, str(error)))
    if entity == "actor":
        record["contact"] = contact
    return record, [*wrong, *_unsettled(entity, read)]


def _meant(each: Input, value: object) -> object:
    if each.how == "lines":
        lines = [line.strip() for line in str(value).splitlines()]
        return list(dict.fromkeys(filter(None, lines)))
    if each.how == "dollars":
        return value_of(each.field, str(value))
    if each.how == "percent":
        text = str(value).strip().rstrip("%").strip()
        return round(float(value_of(each.field, f"{text}\u00a0%")), 6) if text else None  # type: ignore[arg-type]
    return value


def _unsettled(entity: str, read: Typed) -> list[Problem]:
    """Return what to do of the places that were named and not chosen."""
    told = []
    for each in inputs_of(entity):
        if each.field not in read.searched:
            continue
        said = read.searched[each.field]
        words = f"aucun lieu ne s’appelle «\u00a0{said}\u00a0»\u00a0: essayez un nom plus court, ou effacez-le"
        if read.found[each.field]:
            words = f"«\u00a0{said}\u00a0» peut désigner plusieurs lieux\u00a0: cochez le bon dans la liste"
        told.append(Problem(each.field, words))
    return told
