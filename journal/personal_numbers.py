"""Numbers that are somebody's (social insurance, payment cards, phones), however they are cut, glued or said.

A run of digits is read once, with what stands between them; a number is a part of a run that begins and ends where
the run is cut. Each step is bounded: no text, however long or hostile, makes it slow.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Spans = Iterator[tuple[int, int]]
_DIGIT = "zéro|zero|une?|deux|trois|quatre|cinq|six|sept|huit|neuf"
_VALUES = {"zéro": 0, "zero": 0, "un": 1, "une": 1, **{word: at for at, word in enumerate(_DIGIT.split("|")[3:], 2)}}
# What may stand between two digits of one number; the last two signs draw a digit as a key.
_BETWEEN = r"[\s\-\u2010-\u2015./_*,;()~\u00b7\ufe0f\u20e3]{0,4}"
_TYPED = re.compile(rf"\d(?:{_BETWEEN}\d)*")
_SAID = re.compile(rf"(?<!\w)(?:{_DIGIT})(?:[\s,;.\-\u2010-\u2015]{{1,3}}(?:{_DIGIT})){{8,}}(?!\w)", re.IGNORECASE)
_SAID_DIGIT = re.compile(_DIGIT, re.IGNORECASE)
# « 4l8-555-O1O2 »: letters taken for digits, in a word where there is a digit and nothing else.
_SLIP = re.compile(r"(?<![^\W_])(?=[OolI]{0,9}\d)[\dOolI]{2,}(?![^\W_])")
_SLIPS = str.maketrans("OolI", "0011")
# Lists, columns and English amounts are cut so; a number is too, when the words before it say what it is.
_ODD = re.compile(r"[\n,;*]|\s{3}")
_MONEY = re.compile(r"\s?(?:\$|%|[kK]\b|piasses|(?:de )?dollars|(?:de )?millions?\b)", re.IGNORECASE)
# « 1Z999AA1 », « 123456782RT0001 » and « $450 » are not a number with a word glued to it; « x22 » and « exp0428 » are.
_CODE_BEFORE = re.compile(r"\d[^\W\d]{1,40}$|(?<!\d)(?<!\d\s)\$ ?$")
_CODE_AFTER = re.compile(r"(?!x\d|exp|cv[cv]|poste|ext)[^\W\d]{1,40}\d", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?:[\s.,]\d{3})+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ADDRESS_OF_A_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# The numbers of enterprises are public: NEQ, and those of taxes and charities.
_NEQ = re.compile(r"(?:\bneq\b|entreprises? du qu[ée]bec|num[ée]ro d['’ ]entreprise)\D{0,25}$", re.IGNORECASE)
_NEQ_DIGITS = re.compile(r"(?:11|22|33|88)\d{8}")
_PUBLIC = re.compile(r"(?:bienfaisance|\bt[pv][sqh]\b|num[ée]ro d['’ ]entreprise)\D{0,15}$", re.IGNORECASE)
# The path of a page; what is asked of it, after « ? », may hold anything.
_PATH = re.compile(r"(?:https?://|www\.)[^\s?]{0,240}$", re.IGNORECASE)
_PUBLIC_END = re.compile(r"\s?(?:R[A-Z]|TQ)\s?\d{4}\b")
_SAYS_NAS = re.compile(r"(?:nas|\bn\.? ?[as]\.? ?[as]\b|ass\w{0,9}[.']? ?soc|social\w{0,2}|\bsin\b)\D{0,30}$", re.IGNORECASE)
_SAYS_NAS_AFTER = re.compile(r"\D{0,3}(?:\b(?:c['’ ]?est )?(?:mon |son |le )?nas\b|\bnum[ée]ro d['’ ]assurance sociale)", re.IGNORECASE)
_SAYS_CARD = re.compile(r"(?:carte|visa|master|amex|express|cr[ée]dit|d[ée]bit|discover|\bcc\b|\bmc\b)\D{0,40}$", re.IGNORECASE)
_SAYS_PHONE = re.compile(
    r"(?:t[ée]l[ée]?|cel|mobile|phone|appel|rejoin|join|t?ext|fax|compose[rz]?|(?:mon|son) (?:num[ée]ro|num))\w{0,9}\D{0,20}$",
    re.IGNORECASE,
)
# Seven digits are a phone only after a word that says so, and not the number of a paper.
_SAYS_LOCAL = re.compile(
    r"\b(?:t[ée]l|cell?|num[ée]ro|r?appel|rejoin|texte|call)\w{0,9}(?!\D{0,20}(?:projet|dossier|facture|demande|contrat|commande|membre))\D{0,20}$",
    re.IGNORECASE,
)
_SAYS_LOCAL_AFTER = re.compile(r"\W{0,3}(?:c['’]?est )?mon (?:t[ée]l|cel|num)", re.IGNORECASE)
_PHONE = re.compile(r"(?:001|1)?[2-9]\d\d[2-9]\d{6}")
_EXTENSION = re.compile(r"\)?[ ,]{0,3}(?:poste|ext\.?|x|#) ?\d{1,5}(?!\w)", re.IGNORECASE)
_CARD_SIZES, _NAS_SIZE = range(19, 12, -1), 9


def luhn(number: str) -> bool:
    """Return whether the digits of `number` pass the Luhn check (NAS, payment cards)."""
    digits = [int(c) for c in reversed(number) if c.isdigit()]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)]
    return bool(digits) and sum(doubled) % 10 == 0


@dataclass(frozen=True)
class _Run:
    """Digits in a row: the `number` that they make, the place of each in `text`, and what stands before each (`gaps`)."""

    text: str
    number: str
    places: list[tuple[int, int]]
    gaps: list[str]

    def span(self, first: int, size: int) -> tuple[int, int]:
        """Return where in the text `size` digits stand, from the digit `first`."""
        return self.places[first][0], self.places[first + size - 1][1]

    def before(self, first: int) -> str:
        """Return the words before a digit, sixty characters at most."""
        start = self.places[first][0]
        return self.text[max(0, start - 60) : start]

    def after(self, first: int, size: int) -> str:
        """Return what follows these digits, sixty characters at most."""
        stop = self.places[first + size - 1][1]
        return self.text[stop : stop + 60]

    def cuts(self, first: int, size: int) -> set[int]:
        """Return after how many of these digits something stands."""
        return {at - first for at in range(first + 1, first + size) if self.gaps[at]}

    def odd(self, first: int, size: int) -> bool:
        """Return whether these digits are cut as lists, columns and English amounts are."""
        return any(_ODD.search(gap) for gap in self.gaps[first + 1 : first + size])

    def apart(self, first: int, size: int) -> bool:
        """Return whether these digits begin and end where the run is cut, next to letters at most, and are not money."""
        last = first + size
        starts = bool(self.gaps[first]) if first else not _CODE_BEFORE.search(self.before(0))
        ends = bool(self.gaps[last]) if last < len(self.number) else not _CODE_AFTER.match(self.after(first, size))
        return starts and ends and not _MONEY.match(self.after(first, size))


def _runs(text: str, least: int) -> Iterator[_Run]:
    """Yield the runs of at least so many digits, typed then said in words."""
    plain = _SLIP.sub(lambda word: word[0].translate(_SLIPS), text.replace("%20", "---"))
    for run in _TYPED.finditer(plain):
        places = [(at, at + 1) for at in range(*run.span()) if plain[at].isdecimal()]
        if len(places) >= least and not _ADDRESS_OF_A_MACHINE.fullmatch(run[0]):
            number = "".join(str(unicodedata.decimal(plain[at])) for at, _ in places)
            yield _Run(text, number, places, ["", *(plain[a[1] : b[0]] for a, b in zip(places, places[1:], strict=False))])
    for run in _SAID.finditer(text):
        words = list(_SAID_DIGIT.finditer(text, *run.span()))
        number = "".join(str(_VALUES[word[0].lower()]) for word in words)
        yield _Run(text, number, [word.span() for word in words], ["", *" " * (len(words) - 1)])


def _find(text: str, sizes: tuple[int, ...], holds: Callable[[_Run, int, int], bool]) -> Spans:
    """Yield where, in the runs, the first of these sizes `holds`, in the order of the text and without overlap."""
    found = []
    for run in _runs(text, min(sizes)):
        first = 0
        while first < len(run.number):
            left = len(run.number) - first
            size = next((n for n in sizes if n <= left and run.apart(first, n) and holds(run, first, n)), 0)
            found += [run.span(first, size)] if size else []
            first += size or 1
    end = 0
    for start, stop in sorted(found):
        if start >= end:
            yield start, stop
            end = stop


def _one_by_one(cuts: set[int], size: int) -> bool:
    return len(cuts) == size - 1


def cards(text: str) -> Spans:
    """Find payment cards, even followed by their date: 13 to 19 digits that pass Luhn, cut as cards are or said to be one."""
    return _find(text, tuple(_CARD_SIZES), _is_card)


def _is_card(run: _Run, first: int, size: int) -> bool:
    if run.number[first] not in "23456":
        return False
    cuts = run.cuts(first, size)
    usual = (cuts <= {4, 8, 12, 16} or cuts <= {4, 10} or _one_by_one(cuts, size)) and not run.odd(first, size)
    return (usual or bool(_SAYS_CARD.search(run.before(first)))) and luhn(run.number[first : first + size])


def insurance_numbers(text: str) -> Spans:
    """Find social insurance numbers: 9 digits that pass Luhn, by three, in one piece or one by one, or said to be one."""
    return _find(text, (_NAS_SIZE,), _is_nas)


def _is_nas(run: _Run, first: int, size: int) -> bool:
    number = run.number[first : first + size]
    if not luhn(number):
        return False
    if _SAYS_NAS.search(run.before(first)) or _SAYS_NAS_AFTER.match(run.after(first, size)):
        return True
    cuts = run.cuts(first, size)
    usual = (cuts <= {3, 6} or (_one_by_one(cuts, size) and run.number == number)) and not run.odd(first, size)
    return usual and not number.endswith("000000") and not _is_public(run, first, size)


def _is_public(run: _Run, first: int, size: int) -> bool:
    """Return whether nine digits are those of an enterprise or of a page, or the middle of an amount."""
    start = run.places[first][0]
    if (
        _PUBLIC.search(run.before(first))
        or _PUBLIC_END.match(run.after(first, size))
        or _PATH.search(run.text[max(0, start - 250) : start])
    ):
        return True
    rest = run.text[run.places[first + size - 1][1] : run.places[-1][1]]
    return bool(_THOUSANDS.fullmatch(rest)) and bool(_MONEY.match(run.after(len(run.number) - 1, 1)))


def phones(text: str) -> Spans:
    """Find phones of North America, their extension too: ten digits, the country before them or not."""
    for start, stop in _find(text, (13, 11, 10), _is_phone):
        extension = _EXTENSION.match(text, stop)
        yield _opened(text, start, stop), extension.end() if extension else stop


def _opened(text: str, start: int, stop: int) -> int:
    """Return where a phone begins, its plus sign and its parenthesis included."""
    for sign in ("(", "( ", "+", "+ ", "+("):
        if text[:start].endswith(sign) and ("(" not in sign or ")" in text[start:stop]):
            return start - len(sign) - (1 if sign == "(" and text[: start - 1].endswith("+") else 0)
    return start


def _is_phone(run: _Run, first: int, size: int) -> bool:
    number = run.number[first : first + size]
    if not _PHONE.fullmatch(number) or (_NEQ_DIGITS.fullmatch(number) and _NEQ.search(run.before(first))):
        return False
    cuts = run.cuts(first, size)
    ten = {at - (size - 10) for at in cuts if at > size - 10}
    usual = ((ten <= {3, 6} or ten == {3, 6, 8}) and cuts <= {0, 1, 3, *(at + size - 10 for at in ten)}) or _one_by_one(cuts, size)
    start, stop = run.span(first, size)
    return (usual and not run.odd(first, size)) or (bool(_SAYS_PHONE.search(run.before(first))) and not _YEAR.search(run.text[start:stop]))


def foreign_phones(text: str) -> Spans:
    """Find phones of other countries, which begin with a plus sign."""
    for start, stop in _find(text, tuple(range(15, 7, -1)), lambda run, first, size: run.before(first).endswith("+")):
        yield start - 1, stop


def local_phones(text: str) -> Spans:
    """Find phones of seven digits, after a word that says that they are."""
    return _find(text, (7,), _is_local)


def _is_local(run: _Run, first: int, size: int) -> bool:
    usual = run.cuts(first, size) <= {3} and not run.odd(first, size) and run.number[first] in "23456789"
    return usual and bool(_SAYS_LOCAL.search(run.before(first)) or _SAYS_LOCAL_AFTER.match(run.after(first, size)))
