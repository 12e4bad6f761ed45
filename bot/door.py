"""The door: what is done to every message before it is understood or kept, whatever the channel.

Personal data is masked, length bounded, signs of another protocol neutralised. Nothing past the door ever
sees the original. Patterns are bounded on purpose: no text, however long or hostile, makes them slow.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_CHARACTERS = 1_500
# A blank, a dash, a dot or a slash between groups of digits, the blank around it too.
_BETWEEN = r"[ \u00a0\u202f]?[-./\u2010-\u2015]?[ \u00a0\u202f]?"
_SEPARATOR = r"[ \u00a0\u202f.\-\u2010-\u2015]?"
_NOT_MONEY = r"(?!\w)(?![ \u00a0\u202f]?(?:\$|%|[kK]\b|piasses|dollars|millions?\b))"
_PHONE = re.compile(
    rf"(?<![\w$])(?:\+?1{_BETWEEN})?\(?[2-9]\d\d\)?{_BETWEEN}[2-9]\d\d{_BETWEEN}\d\d{_SEPARATOR}\d\d"
    rf"(?:[ ,]{{0,3}}(?:poste|ext\.?|#) ?\d{{1,5}})?{_NOT_MONEY}",
    re.IGNORECASE,
)
_FOREIGN_PHONE = re.compile(rf"(?<!\w)\+\d{{1,3}}(?:{_SEPARATOR}\d){{7,12}}{_NOT_MONEY}")
# Seven digits are a phone only after a word that says so.
_LOCAL_PHONE = re.compile(
    rf"\b(?:t[ée]l|cell|num[ée]ro|appel|rejoin|texte|call)\w{{0,9}}[^\d\n]{{0,20}}(?P<data>\b\d{{3}}[ \u00a0-]\d{{4}}{_NOT_MONEY})",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+(?:\s?@\s?[\w-]+(?:\.[\w-]+)+|@[\w-]+)")
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:\s{1,3}(?:point|dot|tiret(?: (?:du )?bas)?|underscore|soulign[ée])\s{1,3}[\w-]{1,64}){0,4}"
    r"\s{0,3}(?:arr?oba[sz]e?|[aà] commercial|[(\[] ?(?:at|a|à) ?[)\]])\s{0,3}"
    r"[\w-]{1,63}(?:\s{0,2}(?:\.|\bpoint\b|\bdot\b|[(\[](?:dot|point)[)\]])\s{0,2}[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
_ENGLISH_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64} at [\w-]{1,63}(?: dot [\w-]{2,63}){1,4}\b", re.IGNORECASE)
# Looked for at every group of digits: « 200 046 454 286 » holds one that « 200 046 454 » would hide.
_NAS = re.compile(rf"(?<![\w-])(?=(?P<data>\d{{3}}{_SEPARATOR}\d{{3}}{_SEPARATOR}\d{{3}})(?!-){_NOT_MONEY})")
_DIGITS = re.compile(rf"(?<!\w)\d(?:{_SEPARATOR}\d){{12,}}(?!\w)")
_RAMQ = re.compile(rf"(?<!\w)[A-Za-z]{{4}}{_SEPARATOR}(\d{{4}}){_SEPARATOR}(\d{{4}})(?!\w)")
_POSTAL = re.compile(r"(?<!\w)[A-CEGHJ-NPRSTVXY]\d[A-CEGHJ-NPRSTV-Z][ \u00a0\u202f-]?\d[A-CEGHJ-NPRSTV-Z]\d(?!\w)", re.IGNORECASE)
_STREET = (
    r"(?:(?i:rue|avenue|av\.|boulevard|boul\.?|blvd\.?|chemin|ch\.|rang|mont[ée]e|impasse|all[ée]e|terrasse|promenade)(?=[ \u00a0])"
    # These are everyday words too: a capital or a number must follow.
    r"|(?i:route|place|c[ôo]te|av|croissant|carr[ée]|square|quai)(?=[ \u00a0](?i:d['’]|de |de la |de l['’]|du |des )?[A-ZÀ-Ý\d]))"
)
_OF = r"(?i:de la |de l['’]|du |des |de |d['’]|la |le |les |l['’])?(?i:s(?:ain)?te?[ .-]{1,2})?"
_DOOR = r"(?:,?[ \u00a0]{0,2}(?i:app\.?|appartement|apt\.?|bureau|suite|local|#) ?(?:\d\w{0,4}|[A-Z])\b)?"
_NUMBER = r"(?<!\w)\d{1,5}(?:[ -]?[A-Za-z]\b)?[ \u00a0,]{1,3}"
_ADDRESS = re.compile(rf"{_NUMBER}{_STREET}[ \u00a0]{{1,2}}{_OF}[\w'’.-]{{0,40}}\w(?:[ -][A-ZÀ-Ý][\w'’-]{{0,40}}){{0,2}}{_DOOR}")
_NUMBERED_STREET = re.compile(
    rf"{_NUMBER}\d{{1,3}}(?:re|er|e|[èe]re|i?[èe]me)[ \u00a0](?i:avenue|av\.?|rue|rang|boulevard)\b(?: (?:Est|Ouest|Nord|Sud)\b)?{_DOOR}"
)
_LINE_ENDS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# What colours a terminal: without its first sign, the rest would be read (« [31m », 31 millions).
_TERMINAL = re.compile(r"\x1b\[[0-9;?]{0,16}[ -/]{0,4}[@-~]")
_COMMAND = re.compile(r"^[\s/\\{\u2044\u2215\u29f5\u29f8]+")
_FULL_WIDTH = {0xFF00 + shift: 0x20 + shift for shift in range(1, 95)}

Spans = Iterator[tuple[int, int]]


@dataclass(frozen=True)
class Entered:
    """A message past the door: its `text`, the kinds of personal data that were `masked`, and whether it was cut."""

    text: str
    masked: tuple[str, ...] = ()
    shortened: bool = False


def enter(text: str) -> Entered:
    """Return `text` made safe: hidden signs out, no leading command sign, at most 1,500 characters, personal data masked."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _HIDDEN.sub("", _TERMINAL.sub("", _LINE_ENDS.sub("\n", text))).translate(_FULL_WIDTH)
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
    key = re.sub(r"\W", "", found).upper()
    number = seen.setdefault(key, len(seen) + 1)
    return f"[{kind} {key[:3]}]" if kind == "CODE_POSTAL" else f"[{kind}_{number}]"


def luhn(number: str) -> bool:
    """Return whether the digits of `number` pass the Luhn check (NAS, payment cards)."""
    digits = [int(c) for c in reversed(number) if c.isdigit()]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)]
    return bool(digits) and sum(doubled) % 10 == 0


def _all(pattern: re.Pattern, holds: Callable[[re.Match], object] = bool) -> Callable[[str], Spans]:
    """Return a finder of what matches `pattern` (its group `data` when it has one) where `holds`, without overlap."""
    group = "data" if "data" in pattern.groupindex else 0

    def find(text: str) -> Spans:
        end = 0
        for match in pattern.finditer(text):
            if match.start(group) >= end and holds(match):
                end = match.end(group)
                yield match.span(group)

    return find


def _is_ramq(match: re.Match) -> bool:
    """The digits are a date of birth, the month of a woman plus 50, and two more."""
    month, day = int(match[1][2:4]), int(match[2][:2])
    return month % 50 in range(1, 13) and month <= 62 and 1 <= day <= 31


def _cards(text: str) -> Spans:
    """Find payment cards, even followed by their date: 13 to 19 digits that pass Luhn, grouped as cards are."""
    for run in _DIGITS.finditer(text):
        groups = [(run.start() + m.start(), run.start() + m.end()) for m in re.finditer(r"\d+", run[0])]
        first = 0
        while first < len(groups):
            last = next((end for end in _ends(groups, first) if _is_card(text, groups[first:end])), None)
            if last:
                yield groups[first][0], groups[last - 1][1]
            first = last or first + 1


def _ends(groups: list[tuple[int, int]], first: int) -> Iterator[int]:
    """Yield where a card that begins at a group may end, the longest first."""
    return reversed(range(first + 1, min(first + 19, len(groups)) + 1))


def _is_card(text: str, groups: list[tuple[int, int]]) -> bool:
    sizes = [stop - start for start, stop in groups]
    grouped = len(sizes) == 1 or sizes[:2] == [4, 6] or max(sizes) <= 2 or ({*sizes[:-1]} == {4} and sizes[-1] <= 4)
    number = "".join(text[start:stop] for start, stop in groups) if grouped and 13 <= sum(sizes) <= 19 else ""
    return number[:1] in tuple("23456") and luhn(number)


_CHECKS: tuple[tuple[str, Callable[[str], Spans]], ...] = (
    ("COURRIEL", _all(_EMAIL)),
    ("COURRIEL", _all(_SPOKEN_EMAIL)),
    ("COURRIEL", _all(_ENGLISH_EMAIL)),
    ("CARTE", _cards),
    ("RAMQ", _all(_RAMQ, _is_ramq)),
    ("TELEPHONE", _all(_PHONE)),
    ("TELEPHONE", _all(_FOREIGN_PHONE)),
    ("TELEPHONE", _all(_LOCAL_PHONE)),
    ("NAS", _all(_NAS, lambda match: luhn(match["data"]))),
    ("ADRESSE", _all(_NUMBERED_STREET)),
    ("ADRESSE", _all(_ADDRESS)),
    ("CODE_POSTAL", _all(_POSTAL)),
)
