"""Personal data in a text, replaced by typed marks: before anything is kept, and before what staff write goes anywhere else."""

import re
from collections.abc import Callable

from journal import personal_numbers as numbers
from journal import personal_words as words
from journal.personal_numbers import Spans


def mask(text: str) -> tuple[str, list[str]]:
    """Return `text` with personal data replaced by typed marks, and the kinds found, in the order of the checks."""
    seen: dict[str, dict[str, int]] = {}
    # Again until nothing is left: a mark may part what stood against it.
    while (masked := _masked_once(text, seen)) != text:
        text = masked
    return text, list(seen)


def _masked_once(text: str, seen: dict[str, dict[str, int]]) -> str:
    for kind, find in _CHECKS:
        pieces, end = [], 0
        for start, stop in find(text):
            pieces += [text[end:start], _mark(kind, text[start:stop], seen.setdefault(kind, {}))]
            end = stop
        text = "".join([*pieces, text[end:]])
    return text


def _mark(kind: str, found: str, seen: dict[str, int]) -> str:
    """Return the mark of what was found: the same number for the same data; a postal code keeps its area, a place."""
    key = re.sub(r"[\W_]", "", found).upper()
    number = seen.setdefault(key, len(seen) + 1)
    return f"[{kind} {key[0]}{key[1:2].replace('O', '0')}{key[2:3]}]" if kind == "CODE_POSTAL" else f"[{kind}_{number}]"


_CHECKS: tuple[tuple[str, Callable[[str], Spans]], ...] = (
    ("COURRIEL", words.spoken_emails),
    ("COURRIEL", words.typed_emails),
    ("COURRIEL", words.glued_emails),
    ("COURRIEL", words.english_emails),
    ("CARTE", numbers.cards),
    ("RAMQ", words.health_numbers),
    ("NAS", numbers.insurance_numbers),
    ("TELEPHONE", numbers.phones),
    ("TELEPHONE", numbers.foreign_phones),
    ("TELEPHONE", numbers.local_phones),
    ("ADRESSE", words.numbered_streets),
    ("ADRESSE", words.addresses),
    ("ADRESSE", words.addresses_after_their_street),
    ("ADRESSE", words.boxes),
    ("CODE_POSTAL", words.postal_codes),
)
