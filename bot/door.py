"""The door: what is done to every message before it is understood or kept, whatever the channel.

Personal data is masked, length bounded, signs of another protocol neutralised. Nothing past the door ever
sees the original. It knows nobody: a phone of the directory that a person types is masked like any other.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from . import personal_numbers as numbers
from . import personal_words as words
from .personal_numbers import Spans, luhn

__all__ = ["MAX_CHARACTERS", "Entered", "enter", "luhn", "mask"]

MAX_CHARACTERS = 1_500
_LINE_ENDS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# What colours a terminal: without its first sign, the rest would be read (« [31m », 31 millions).
_TERMINAL = re.compile(r"\x1b\[[0-9;?]{0,16}[ -/]{0,4}[@-~]")
_COMMAND = re.compile(r"^[\s/\\{\u2044\u2215\u29f5\u29f8]+")
_FULL_WIDTH = {0xFF00 + shift: 0x20 + shift for shift in range(1, 95)}
_SMALL = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFE50, 0xFE6C)}
_WIDTHS = _FULL_WIDTH | _SMALL


@dataclass(frozen=True)
class Entered:
    """A message past the door: its `text`, the kinds of personal data that were `masked`, and whether it was cut."""

    text: str
    masked: tuple[str, ...] = ()
    shortened: bool = False


def enter(text: str) -> Entered:
    """Return `text` made safe: hidden signs out, no leading command sign, at most 1,500 characters, personal data masked."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _HIDDEN.sub("", _TERMINAL.sub("", _LINE_ENDS.sub("\n", text))).translate(_WIDTHS)
    text = unicodedata.normalize("NFC", text)
    shortened = len(text) > MAX_CHARACTERS
    masked, kinds = mask(_COMMAND.sub("", text[:MAX_CHARACTERS]).strip())
    return Entered(masked, tuple(kinds), shortened)


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
