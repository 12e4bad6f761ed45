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
# « une vingtaine de mille »
_ROUNDS = {
    "couple": 2, "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip
_HUNDREDS = {"cent", "cents"}
_SCALES = {"mille": 1_000, "milles": 1_000, "milliers": 1_000, "mil": 1_000, "million": 1_000_000, "millions": 1_000_000}
_NUMBER_WORDS = {*_UNITS, *_ROUNDS, *_HUNDREDS, *_SCALES, "et", "de", "demi", "demie"}
# Words that only link the others: they neither begin nor end a number.
_LINKS = {"et", "de"}
_MONEY = r"(?:\$|piasses?|piastres?|dollars?|dolars?|cad\b|bidous)"
_BLANK = "[ \u00a0\u202f]"
_FIGURES = re.compile(
    rf"(?<![\w.,])(?P<sign>\${_BLANK}?)?(?P<figures>\d{{1,3}}(?:[ \u00a0\u202f,.]\d{{3}})+(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d{{1,2}})?)"
    rf"(?![.,]?\d)\s*(?P<scale>k\b|milles?\b|(?<!\s)m\b|millions?\b|(?-i:M)\b)?(?P<half>\s+et\s+demie?\b)?\s*(?P<money>(?:de )?{_MONEY})?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f,.]\d{3})+(?=$|[.,]\d{1,2}$)")
_NOT_MONEY_AFTER = re.compile(
    r"^\s*(?:de |d['’])?(?:%|pour ?cents?\b|ans?\b|ann[ée]es?\b|mois\b|semaines?\b|jours?\b|heures?\b|minutes?\b|h\b|h\d"
    r"|km\b|m[2²]|pi[2²]?\b|p[2²]"
    r"|employ|membres?\b|personnes?\b|gens\b|monde\b|logements?\b|unit[ée]s?\b|portes?\b|places?\b|b[eé]n[eé]vol|habitants?\b|citoyen|clients?\b"
    r"|usag|particip|familles?\b|enfants?\b|visit|abonn|repas\b|livres?\b|kilos?\b|kg\b|tonnes?\b|acres?\b|hectares?\b|arbres?\b|copies?\b"
    r"|pieds?\b|m[eè]tres?\b|fois\b|mercis?\b|questions?\b|id[ée]es?\b|affaires?\b|raisons?\b|e\b|er\b|haut\b|larg|long|profond)",
    re.IGNORECASE,
)
_NOT_MONEY_BEFORE = re.compile(
    r"(?:\b(?:dossiers?|num[ée]ro|no|article|art|page|code|route|local|bureau|app|version|rue|neq|loi|formulaire)\b\.?:?\s*"
    r"|[#°]\s*|-|\d{3}[ \u00a0.])$",
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


def _end(match: re.Match) -> int:
    return max(match.end(part) for part in ("figures", "scale", "half", "money"))


def _value_of(match: re.Match, text: str) -> int | None:
    number, scale = _number(match["figures"]), (match["scale"] or "").lower()
    money = match["money"] or match["sign"]
    if not money and not _may_be_money(match, text):
        return None
    times = 1_000 if scale[:1] == "k" or scale.startswith("mille") else 1_000_000 if scale else 1
    half = times / 2 if match["half"] and scale else 0
    return round(number * times + half) or None


def _number(figures: str) -> float:
    """Return the number that figures are: blanks, commas and dots before three figures part thousands."""
    grouped = _GROUPED.match(figures)
    whole = re.sub(r"\D", "", grouped[0]) if grouped else ""
    return float((whole + figures[grouped.end() :] if grouped else figures).replace(",", "."))


def _may_be_money(match: re.Match, text: str) -> bool:
    """Return whether a number without a sign or word for money may be an amount: nothing around it says otherwise."""
    figures, rest = match["figures"], text[_end(match) : _end(match) + 30]
    if _NOT_MONEY_AFTER.match(rest) or _PHONE_AFTER.match(rest):
        return False
    if match["scale"]:
        return True
    if _NOT_MONEY_BEFORE.search(text[max(0, match.start() - 20) : match.start()]) or _is_a_year(figures):
        return False
    digits = re.sub(r"\D", "", figures)
    round_enough = len(digits) < 7 or len(digits) != len(figures) or digits.endswith("00")
    return _number(figures) >= 1_000 and len(digits) <= 8 and round_enough


def _is_a_year(figures: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", figures))


def _in_words(text: str) -> list[Amount]:
    words = [(m.start(), m.end(), fold(m[0])) for m in re.finditer(r"[^\W\d_]+", text)]
    found, run = [], []
    for word in [*words, (len(text), len(text), "")]:
        if word[2] in _NUMBER_WORDS and (run or word[2] not in _LINKS):
            run.append(word)
            continue
        if run and (amount := _amount_of_run(run, text)):
            found.append(amount)
        run = []
    return found


def _amount_of_run(run: list[tuple[int, int, str]], text: str) -> Amount | None:
    while run[-1][2] in _LINKS:
        run = run[:-1]
    words, end = [word for _, _, word in run], run[-1][1]
    money = re.match(rf"\s*(?:de\s+)?{_MONEY}", text[end : end + 20], re.IGNORECASE)
    value = _value_of_words(words)
    if not value or (not money and (_NOT_MONEY_AFTER.match(text[end : end + 30]) or not _is_told_as_amount(words, value))):
        return None
    return Amount(run[0][0], end + (money.end() if money else 0), value)


def _is_told_as_amount(words: list[str], value: int) -> bool:
    """Return whether words that name no money are an amount all the same: thousands, a number before them, no year."""
    counted = any(word in _UNITS or word in _HUNDREDS or word in _ROUNDS for word in words) or words == ["mille"]
    return value >= 1_000 and counted and any(word in _SCALES for word in words) and not 2_000 < value < 2_100


def _value_of_words(words: list[str]) -> int:
    total = current = 0
    for index, word in enumerate(words):
        if word in _UNITS:
            times_twenty = word.startswith("vingt") and index and words[index - 1] == "quatre"
            current += 76 if times_twenty else _UNITS[word]
        elif word in _ROUNDS:
            current = _ROUNDS[word]
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
