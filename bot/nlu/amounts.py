"""Amounts of money in what people type: « 75 000 $ », « 75k », « cent mille », « 1,2 M ».

A bare number is an amount only from 1,000 up and when it is not a year, a phone number or a
count of something else; below, it needs a word or a sign for money.
"""

import re
from dataclasses import dataclass

from directory.text import fold

_UNITS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
}  # fmt: skip
_HUNDREDS = {"cent", "cents"}
_SCALES = {"mille": 1_000, "mil": 1_000, "million": 1_000_000, "millions": 1_000_000}
_NUMBER_WORDS = {*_UNITS, *_HUNDREDS, *_SCALES, "et", "demi", "demie"}
_MONEY = r"(?:\$|piasses?|piastres?|dollars?|dolars?|cad\b|bidous)"
_FIGURES = re.compile(
    r"(?<![\w.,-])(\d{1,3}(?:[ \u00a0\u202f,.]\d{3})+|\d+(?:[.,]\d{1,2})?)"
    r"\s*(k\b|mille\b|m\$|m\b(?!\w)|millions?\b)?\s*(" + _MONEY + r")?",
    re.IGNORECASE,
)
_NOT_MONEY_AFTER = re.compile(
    r"^\s*(?:%|pour ?cent|ans?\b|mois\b|semaines?\b|jours?\b|heures?\b|h\b|km\b|employ|membres?\b|personnes?\b"
    r"|logements?\b|b[eé]n[eé]vol|habitants?\b|pieds?\b|m[eè]tres?\b|fois\b|e\b|er\b)",
    re.IGNORECASE,
)
_PHONE_AFTER = re.compile(r"[-. ]\d{4}\b")
_MONEY_WORD = re.compile(_MONEY, re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """An amount in Canadian dollars and where it stands in the text."""

    start: int
    end: int
    value: int


def find_amounts(text: str) -> list[Amount]:
    """Return the amounts of `text` in the order in which they stand; empty when there is none."""
    found = _in_figures(text) + _in_words(text)
    kept: list[Amount] = []
    for amount in sorted(found, key=lambda a: (a.start, a.start - a.end)):
        if not kept or amount.start >= kept[-1].end:
            kept.append(amount)
    return kept


def _in_figures(text: str) -> list[Amount]:
    return [Amount(match.start(), match.end(), value) for match in _FIGURES.finditer(text) if (value := _value_of(match, text))]


def _value_of(match: re.Match, text: str) -> int | None:
    figures, scale, money = match[1], (match[2] or "").lower(), match[3]
    rest = text[match.end() :]
    if not money and (_NOT_MONEY_AFTER.match(rest) or _PHONE_AFTER.match(rest)):
        return None
    grouped = re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f,.]\d{3})+", figures)
    number = float(re.sub(r"[ \u00a0\u202f,.]", "", figures)) if grouped else float(figures.replace(",", "."))
    number *= 1_000 if scale in ("k", "mille") else 1_000_000 if scale.startswith("m") else 1
    bare = not scale and not money
    if bare and (number < 1_000 or _is_a_year(figures) or len(re.sub(r"\D", "", figures)) > 8):
        return None
    if scale == "m" and not money and number > 50_000_000:
        return None
    return round(number)


def _is_a_year(figures: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", figures))


def _in_words(text: str) -> list[Amount]:
    words = [(m.start(), m.end(), fold(m[0])) for m in re.finditer(r"[^\W\d_]+", text)]
    found, run = [], []
    for word in [*words, (len(text), len(text), "")]:
        if word[2] in _NUMBER_WORDS and (run or word[2] not in ("et", "demi", "demie")):
            run.append(word)
            continue
        if run and (amount := _amount_of_run(run, text)):
            found.append(amount)
        run = []
    return found


def _amount_of_run(run: list[tuple[int, int, str]], text: str) -> Amount | None:
    while run and run[-1][2] == "et":
        run = run[:-1]
    money = re.match(r"\s*(?:de\s+)?" + _MONEY, text[run[-1][1] :], re.IGNORECASE) if run else None
    value = _value_of_words([word for _, _, word in run])
    if not value or (value < 1_000 and not money):
        return None
    if not money and not any(word in _SCALES for _, _, word in run):
        return None
    return Amount(run[0][0], run[-1][1] + (money.end() if money else 0), value)


def _value_of_words(words: list[str]) -> int:
    total = current = 0
    for index, word in enumerate(words):
        if word in _UNITS:
            times_twenty = word.startswith("vingt") and index and words[index - 1] == "quatre"
            current += 76 if times_twenty else _UNITS[word]
        elif word in _HUNDREDS:
            below = current % 100 if current >= 100 else current
            current = current - below + max(below, 1) * 100
        elif word in _SCALES:
            total += max(current, 1) * _SCALES[word]
            current = 0
        elif word.startswith("demi"):
            after_million = "million" in words[index + 1 : index + 2]
            if after_million:
                return total + 500_000
            total += 500_000 if any(w.startswith("million") for w in words[:index]) else 0
    return total + current


def mentions_money(text: str) -> bool:
    """Return whether `text` holds a sign or a word for money."""
    return bool(_MONEY_WORD.search(text))
