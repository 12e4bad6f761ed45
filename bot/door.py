"""The door: what is done to every message before it is understood or kept, whatever the channel.

Personal data is masked, length bounded, signs of another protocol neutralised. Nothing past the door ever
sees the original.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 1_500
_PHONE = re.compile(
    r"(?<![\w$])(?:\+?1[ .-]?)?\(?([2-9]\d{2})\)?[ .-]?([2-9]\d{2})[ .-]?(\d{4})(?:\s*(?:poste|ext\.?|#)\s*\d{1,5})?(?!\w)", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_SPOKEN_EMAIL = re.compile(
    r"\b[\w.+-]+(?:\s+point\s+[\w-]+)?\s+(?:arobase|a commercial|arrobas)\s+[\w-]+\s+point\s+\w{2,6}\b", re.IGNORECASE
)
_NINE = re.compile(r"(?<![\w-])\d{3}[ .-]?\d{3}[ .-]?\d{3}(?![\w-]|[ .-]?\d)")
_CARD = re.compile(r"(?<!\w)(?:\d[ .-]?){12,18}\d(?!\w)")
_RAMQ = re.compile(r"(?<!\w)[A-Za-z]{4}[ -]?(\d{4})[ -]?(\d{4})(?!\w)")
_POSTAL = re.compile(
    r"(?<!\w)([A-CEGHJ-NPRSTVXYa-ceghj-nprstvxy]\d[A-CEGHJ-NPRSTV-Za-ceghj-nprstv-z])[ -]?\d[A-CEGHJ-NPRSTV-Za-ceghj-nprstv-z]\d(?!\w)"
)
_STREET = re.compile(
    r"(?<!\w)\d{1,5}[ ,]+(?:(?:rue|avenue|av\.|boulevard|boul\.?|chemin|ch\.|rang|route|place|montée|montee|côte|cote|impasse|allée)\s+(?:de la |de l['’]|du |des |de |d['’])?)"
    r"[\w'’.-]+(?:[ -][A-ZÀ-Ý][\w'’.-]+){0,3}(?:,?\s*(?:app\.?|appartement|bureau|#)\s*\w+)?",
    re.IGNORECASE | re.UNICODE,
)
_CONTROL = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_COMMAND = re.compile(r"^[\s/\\{\uff0f\uff5b]+")


@dataclass(frozen=True)
class Entered:
    """A message past the door: its `text`, the kinds of personal data that were `masked`, and whether it was cut."""

    text: str
    masked: tuple[str, ...] = ()
    shortened: bool = False


def enter(text: str) -> Entered:
    """Return `text` made safe: control signs out, no leading command sign, at most 1,500 characters, personal data masked."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    text = _CONTROL.sub("", text.replace("\r\n", "\n"))
    shortened = len(text) > MAX_CHARACTERS
    text = _COMMAND.sub("", text[:MAX_CHARACTERS]).strip()
    masked, kinds = mask(text)
    return Entered(masked, tuple(kinds), shortened)


def mask(text: str) -> tuple[str, list[str]]:
    """Return `text` with personal data replaced by typed marks, and the kinds found, in the order of the checks."""
    kinds: list[str] = []
    for kind, pattern, holds in _CHECKS:
        seen: dict[str, str] = {}

        def replaced(match: re.Match, kind: str = kind, holds=holds, seen: dict = seen) -> str:
            if not holds(match):
                return match[0]
            kinds.append(kind)
            if kind == "CODE_POSTAL":
                return f"[CODE_POSTAL {match[1].upper()}]"
            key = re.sub(r"\W", "", match[0]).lower()
            return seen.setdefault(key, f"[{kind}_{len(seen) + 1}]")

        text = pattern.sub(replaced, text)
    return text, list(dict.fromkeys(kinds))


def luhn(number: str) -> bool:
    """Return whether the digits of `number` pass the Luhn check (NAS, payment cards)."""
    digits = [int(c) for c in reversed(number) if c.isdigit()]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)]
    return bool(digits) and sum(doubled) % 10 == 0


def _is_ramq(match: re.Match) -> bool:
    month, day = int(match[1][2:4]), int(match[2][:2])
    return month % 50 in range(1, 13) and 1 <= day <= 31


_CHECKS = (
    ("COURRIEL", _EMAIL, lambda m: True),
    ("COURRIEL", _SPOKEN_EMAIL, lambda m: True),
    ("CARTE", _CARD, lambda m: luhn(m[0])),
    ("RAMQ", _RAMQ, _is_ramq),
    ("TELEPHONE", _PHONE, lambda m: True),
    ("NAS", _NINE, lambda m: luhn(m[0])),
    ("ADRESSE", _STREET, lambda m: True),
    ("CODE_POSTAL", _POSTAL, lambda m: True),
)
