"""Long texts in parts that Messenger takes, and titles that it shows whole.

Meta does not say in which unit it counts: lengths are in UTF-16 units here, which is never less than what it may count.
"""

import re

import regex

# Meta says 2,000 (second-hand); some room is left.
MAX_TEXT = 1_900
_ENDS = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"[.!?…»)] "), re.compile(r"[^\S\u00a0\u202f]"))
# A break between its groups would spoil a phone number.
_PHONE = re.compile(r"(?:1 )?\(?\d{3}\)? \d{3}[- ]\d{4}(?:,? poste \d+)?")
# Small words that say nothing at the end of what was cut.
_HANGING = re.compile(r"(?: (?:à|au|aux|avec|d[eu]|des|en|et|la|les?|ou|par|pour|sur|une?|[dl]’))+$", re.IGNORECASE)
_HALVES = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"(\s\s)\s+")


def length(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def tidy(text: str) -> str:
    """Return a text without blanks around it or more than two in a row, nor signs that UTF-8 cannot hold."""
    return _BLANKS.sub(r"\1", _HALVES.sub("\ufffd", text).strip())


def split(text: str, most: int = MAX_TEXT) -> list[str]:
    """Return the parts of a text, at most `most` units each; none is blank, and together they are `tidy(text)`.

    A part ends at a paragraph, else at a line, a sentence, or a word; a word, a link or a phone number is broken only when it is longer
    than a part by itself, and then between signs that people see as one.
    """
    rest, parts = tidy(text), []
    while length(rest) > most:
        end = _end(rest, most)
        parts.append(rest[:end])
        rest = rest[end:]
    return [*parts, rest] if rest else parts


def _end(text: str, most: int) -> int:
    """Return where the first part of a text ends: before a sign that is no blank."""
    reach = _reach(text, most)
    phones = [match.span() for match in _PHONE.finditer(text, 0, min(len(text), reach + 40))]
    for pattern in _ENDS:
        ends = [_after_blanks(text, match.end()) for match in pattern.finditer(text, 0, reach + 1)]
        good = [end for end in ends if end <= reach and not any(start < end < stop for start, stop in phones)]
        if good and good[-1] > (reach // 3 if pattern is not _ENDS[-1] else 0):
            return good[-1]
    return _broken(text, reach)


def _reach(text: str, most: int) -> int:
    """Return how many signs of a text fit in `most` units."""
    reach = min(len(text), most)
    while length(text[:reach]) > most:
        reach -= max(1, (length(text[:reach]) - most) // 2)
    return reach


def _after_blanks(text: str, end: int) -> int:
    while end < len(text) and text[end].isspace():
        end += 1
    return end


def _broken(text: str, reach: int) -> int:
    """Return where to break what has no blank: at the end of a word if any, else between two graphemes, else between two signs."""
    last = 0
    for match in regex.finditer(r"\X", text, endpos=min(len(text), reach + 64)):
        if match.end() > reach:
            break
        last = match.end()
    end = last or max(1, reach)
    # A part begins with no blank, so that none is blank.
    while end > 1 and end < len(text) and text[end].isspace():
        end -= 1
    return end


def cut(title: str, most: int) -> str:
    """Return a title of `most` units at most, cut at a word, with « … »."""
    title = " ".join(_HALVES.sub("\ufffd", title).split())
    if length(title) <= most:
        return title
    reach = _reach(title, most - 1)
    words = title[: reach + 1].rfind(" ")
    end = words if words > reach // 2 else _broken(title, reach)
    return (_HANGING.sub("", title[:end]) or title[:end]).rstrip(" ,;:\u00a0") + "…"
