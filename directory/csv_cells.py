"""One cell of a spreadsheet for each field of a record, and back: what is written is read again as it was.

A list becomes one cell (`a | b`), a part of a contact or of a coverage `name=value; name=value`; `\\` before a sign makes it a plain one.
What begins like a formula gets an apostrophe, which is taken away again on the way back.
"""

import re
from collections.abc import Mapping

from directory.labels import CATEGORIES
from directory.text import fold
from directory.vocabulary import ACTOR_KINDS, FACETS, LEGAL_FORMS, NEEDS, STAGES, STATUSES, SUBJECTS

BETWEEN_ITEMS = " | "
BETWEEN_FIELDS = "; "
# Signs of formulas, their wide forms, and what spreadsheets may skip before them.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
_BEGINNING = rf"\s*[{re.escape(''.join(FORMULA))}]"
_LIKE_A_FORMULA = re.compile(f"'*{_BEGINNING}")
_GUARDED = re.compile(f"'+{_BEGINNING}")
_DOLLARS = re.compile(r"(\d+(?:[ \u00a0\u202f]\d{3})*)(?:[ \u00a0\u202f]?\$)?")
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?(?:e-\d+)?)[ \u00a0\u202f]?(%?)")
_YES, _NO = {"true", "vrai", "oui", "1", "x"}, {"false", "faux", "non", "0", ""}
_LISTS = {
    *("aliases", "covers", "other_sources", "needs", "legal_forms", "stages", "conditions", "uses"),
    *("rows", "next", "see", "sources", "territories"),
}
_CODES: dict[str, Mapping[str, str]] = {
    "kind": ACTOR_KINDS,
    "status": STATUSES,
    "category": CATEGORIES,
    "needs": NEEDS,
    "legal_forms": LEGAL_FORMS,
    "legal_form": LEGAL_FORMS,
    "stages": STAGES,
    "stage": STAGES,
    "subject": SUBJECTS,
    "facet": FACETS,
}


def cell(value: object) -> object:
    """Return what a spreadsheet shows of a value; texts that it would compute are guarded, numbers are not."""
    if isinstance(value, (list, dict, str)):
        return guarded(_written(value))
    return value


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before it when a spreadsheet would compute it, or take the apostrophe away itself."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def _written(value: object) -> str:
    if isinstance(value, list):
        return BETWEEN_ITEMS.join(_item(each) for each in value)
    if isinstance(value, dict):
        return _pairs(value, "\\;")
    return str(value)


def _item(value: object) -> str:
    return _pairs(value, "\\|;") if isinstance(value, dict) else _escaped(str(value), "\\|")


def _pairs(value: Mapping[str, object], signs: str) -> str:
    told = {name: each for name, each in value.items() if each not in (None, False)}
    return BETWEEN_FIELDS.join(f"{name}={_escaped(str(each), signs)}" for name, each in told.items())


def _escaped(text: str, signs: str) -> str:
    return "".join(f"\\{sign}" if sign in signs else sign for sign in text)


def value_of(field: str, text: str) -> object:
    """Return the value that a cell of `field` holds, for `fields.read_fields` to look at; None for an empty one.

    French labels stand for codes, « oui » and « non » for booleans, « 10 000 $ » and « 50 % » for numbers.

    Raises:
        ValueError: the cell cannot be read; the message says how to write it, in French.
    """
    text = unguarded(text)
    if not text.strip():
        return None
    if field in _LISTS:
        items = _split(text, "|")
        return [_place(each) for each in items] if field == "covers" else [_code(field, _plain(each)) for each in items]
    if field == "contact":
        return _contact(text)
    read = {"dedicated": _flag, "amount_min": _amount, "amount_max": _amount, "share_of_cost_max": _share}.get(field)
    return read(text) if read else _code(field, text)


def _split(text: str, separator: str) -> list[str]:
    """Return the parts between unescaped separators, stripped, still escaped; empty ones are dropped."""
    parts = re.findall(rf"(?:\\.|[^\\{separator}]|\\$)+", text, re.DOTALL)
    return [part for each in parts if (part := each.strip())]


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _code(field: str, text: str) -> str:
    """Return the code that a French label stands for; any other text as it is."""
    labels = _CODES.get(field, {})
    text = text if field not in _CODES else text.strip()
    return next((code for code, label in labels.items() if fold(label) == fold(text)), text) if text not in labels else text


def _fields(text: str, known: tuple[str, ...], example: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _split(text, ";"):
        name, equals, said = part.partition("=")
        if not equals or name.strip() not in known or name.strip() in found:
            raise ValueError(f"«\u00a0{_plain(part)}\u00a0» n’est pas compris\u00a0: écrivez par exemple {example}")
        found[name.strip()] = _plain(said.strip())
    return found


def _contact(text: str) -> dict[str, str]:
    return _fields(text, ("website", "phone", "email", "address", "city"), "phone=819 228-9461; city=Louiseville")


def _place(text: str) -> object:
    # Of an item, « | » is escaped as in any list, and « ; » within a value.
    if "=" not in text:
        return _plain(text)
    found: dict[str, object] = {**_fields(text, ("code", "part", "note"), "code=R04; part=oui; note=deux secteurs")}
    return {**found, "part": _flag(str(found.get("part", "")))}


def _flag(text: str) -> bool:
    said = fold(text)
    if said not in _YES | _NO:
        raise ValueError(f"«\u00a0{text}\u00a0» n’est ni oui ni non\u00a0: écrivez oui, ou non")
    return said in _YES


def _amount(text: str) -> int:
    found = _DOLLARS.fullmatch(text.strip())
    if not found or len(found[1]) > 15:
        raise ValueError(f"«\u00a0{text}\u00a0» n’est pas un nombre entier de dollars\u00a0: écrivez par exemple 10000")
    return int(re.sub(r"\D", "", found[1]))


def _share(text: str) -> float:
    found = _SHARE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"«\u00a0{text}\u00a0» n’est pas une part\u00a0: écrivez par exemple 0,5 ou 50\u00a0%")
    number = float(found[1].replace(",", "."))
    return number / 100 if found[2] else number
