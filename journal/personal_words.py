"""Personal data that holds letters: e-mails typed or said, health insurance numbers, addresses, postal codes.

Patterns are bounded on purpose: no text, however long or hostile, makes them slow.
"""

import re
from collections.abc import Callable

from .personal_numbers import Spans

_LAST = "ca|com|org|net|coop|info|qc|quebec|gouv|edu|fr|be|ch|io|co"
_START = r"(?<![\w.+%&-])"
_LOCAL = r"[\w.+%&-]+(?:['’][\w.+%&-]+)?"
_AT = r"(?:@{1,2}|%40|&#64;|&#x40;|&commat;)"
_EMAIL = re.compile(rf"{_START}{_LOCAL}(?:\s?{_AT}\s?[\w-]+(?:\.[\w-]+)+|{_AT}[\w-]+)")
_NUMBER_WORD = (
    "z[ée]ro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    "|vingts?|trente|quarante|cinquante|soixante|cents?|et"
)
_NUMBER_SAID = rf"(?:\s{{1,2}}(?:(?:{_NUMBER_WORD})(?:-(?:{_NUMBER_WORD})){{0,4}}|\d{{1,4}})){{0,3}}"
_LINK = r"(?:\.|point|dot|tiret(?: (?:du )?bas)?|trait d['’ ]union|underscore|soulign[ée]|barre(?: (?:basse|de soulignement))?)"
_AT_SAID = r"(?:(?:arr?oba[szc]e?|a\s?robas[e]?|[aà] commercial)|[(\[{<]\s?(?:at|a|à|arr?oba[szc]e?)\s?[)\]}>])"
_DOT_SAID = r"(?:\.|,(?=(?:" + _LAST + r")\b)|\bpoint\b|\bdot\b|[(\[{<](?:dot|point)[)\]}>])"
_DOMAIN_SAID = rf"[\w-]{{1,63}}(?:\s{{1,2}}tiret\s{{1,2}}[\w-]{{1,63}}){{0,2}}(?:\s{{0,2}}{_DOT_SAID}\s{{0,2}}[\w-]{{1,63}}){{1,4}}"
_LOCAL_SAID = rf"{_START}{_LOCAL}(?:\s{{1,3}}{_LINK}\s{{1,3}}[\w-]{{1,64}}){{0,6}}{_NUMBER_SAID}"
_WORDS_SAID = rf"[\w-]{{1,63}}(?:\s[\w-]{{1,63}}){{1,4}}\s(?:point|dot)\s(?:{_LAST})\b"
_SPOKEN_EMAIL = re.compile(
    rf"{_LOCAL_SAID}\s{{0,3}}(?:(?:{_AT}|{_AT_SAID})\s{{0,3}}{_DOMAIN_SAID}|{_AT_SAID}\s{{0,3}}{_WORDS_SAID})", re.IGNORECASE
)
# « at » is no French word, « chez » is one: the end of an address must follow, and for « chez » a name in parts come before.
_ENGLISH_EMAIL = re.compile(
    rf"{_START}{_LOCAL}(?:(?:\s{{1,3}}{_LINK}\s{{1,3}}[\w-]{{1,64}}){{0,6}} at |(?:\s{{1,3}}{_LINK}\s{{1,3}}[\w-]{{1,64}}){{1,6}} chez )"
    rf"[\w-]{{1,63}}(?:(?: dot | point |\.)[\w-]{{1,63}}){{0,3}}(?: dot | point |\.)(?:{_LAST})\b",
    re.IGNORECASE,
)
_GLUED_EMAIL = re.compile(rf"(?<!\w)\w{{1,64}}arr?oba[szc]e?\w{{1,64}}point(?:{_LAST})(?!\w)", re.IGNORECASE)
_SPACE = r"[\s.\-/\u2010-\u2015]{0,3}"
_RAMQ = re.compile(
    rf"(?:(?<![^\W_])|(?<=(?i:ramq)))(?:[^\W\d_]{{4}}|(?:[A-Z] ){{3}}[A-Z]){_SPACE}"
    rf"(?P<digits>\d(?:{_SPACE}\d){{7}})(?!\d|[^\W\d]{{1,40}}\d)"
)
_SAYS_RAMQ = re.compile(r"(?:ramq|sol?eil|maladie?|\bnam\b)\W{0,9}(?:\w{1,9}\W{1,3}){0,3}$", re.IGNORECASE)
_YEARS = re.compile(r"(?:(?:19|20)\d\d){2}")
_FIRST, _LETTER = "[A-CEGHJ-NPRSTVXY]", "[A-CEGHJ-NPRSTV-Z]"
_AREA, _UNIT = rf"{_FIRST}\d{_LETTER}", rf"\d{_LETTER}\d"
_POSTAL = re.compile(
    # « H2X 1Y4merci » is one too; « H2X1Y4a », a number of anything.
    rf"(?<!\w)(?:(?i:{_AREA}(?:{_UNIT}(?!\w)|[\s.\-/\u2010-\u2015]{{1,3}}{_UNIT}(?!\d|[^\W\d_]{{1,40}}\d)))"
    # In capitals, the signs may be apart, and the letter O taken for a zero.
    rf"|(?P<apart>{_FIRST}\s?\d\s?{_LETTER}\s{{0,3}}\d\s?{_LETTER}\s?\d(?!\w))"
    rf"|(?=[^\s]{{0,3}}\s?[^\s]{{0,2}}\d){_FIRST}[\dO]{_LETTER}\s?[\dO]{_LETTER}[\dO](?!\w))"
)
_BLANK = r"[ \u00a0\u202f]"
_ALWAYS = (
    r"rue|reu|ruelle|avenue|av\.|boulevard|boul\.?|blvd\.?|bld\.?|bd\.?|chemin|ch\.|rang|rg\.?|mont[ée]e|impasse|all[ée]e|terrasse"
    r"|promenade"
)
# These are everyday words too: a capital or a number must follow.
_SOMETIMES = r"route|rte\.?|place|pl\.|c[ôo]te|av|croissant|carr[ée]|square|quai"
_STREET = (
    rf"(?:(?i:{_ALWAYS})\.?(?={_BLANK})"
    rf"|(?i:{_SOMETIMES})(?={_BLANK}(?i:d['’]|de |de la |de l['’]|du |des )?[A-ZÀ-Ý\d]))"
)
# What never is the name of a street.
_NO_NAME = (
    r"(?!(?:dans|et|ou|où|à|a|au|aux|pour|avec|sans|par|en|est|sont|qui|que|sur|sous|chez|faisant"
    r"|(?:pi[ée]tonn|commercia|publi|priv)\w{1,5})\b)"
)
_OF = rf"(?i:d(?:e|u|es){_BLANK}(?:la{_BLANK}|l['’])?|d['’]|l[ae]s?{_BLANK}|l['’])?(?i:s(?:ain)?te?[ .-]{{1,2}})?"
# A name begun in small letters goes on after these.
_BEGUN = (
    rf"(?:(?i:petite?s?|grande?s?|vieux|vieille|haute?|basse?|belle?|beau|notre|mont|lac|rivi[èe]re|mgr|cur[ée]|docteur|dr\.?){_BLANK})?"
)
_DOOR = rf"(?:,?{_BLANK}{{0,2}}(?i:app\.?|appartement|apt\.?|bureau|suite|local|#) ?(?:\d\w{{0,4}}|[A-Z])\b)?"
_NUMBER = rf"(?<![\w-])\d{{1,5}}(?:½|-\d{{1,4}}|[ -]?(?!e\b|è)[A-Za-z]\b)?(?:{_BLANK}|,){{1,3}}"
_NAME = rf"{_NO_NAME}{_BEGUN}[\w'’.-]{{0,40}}\w(?:[ -][A-ZÀ-Ý](?!\d)[\w'’-]{{0,40}}){{0,2}}"
_ADDRESS = re.compile(rf"{_NUMBER}{_STREET}{_BLANK}{{1,2}}{_OF}{_NAME}{_DOOR}")
_NUMBERED = r"\d{1,3}(?:re|er|e|[èe]re|i?[èe]me)[ \u00a0\u202f](?i:avenue|av\.?|rue|rang|boulevard)|(?i:grande[ -]all[ée]e)"
_NUMBERED_STREET = re.compile(rf"{_NUMBER}(?:{_NUMBERED})\b(?: (?:Est|Ouest|Nord|Sud)\b)?{_DOOR}")
_AFTER_ITS_STREET = re.compile(
    rf"(?<!\w)(?i:rue|avenue|boulevard|boul\.|chemin|rang){_BLANK}{_OF}{_NAME},{_BLANK}?(?:au{_BLANK})?\d{{1,5}}(?![\w$%]|{_BLANK}\w)"
)
_BOX = re.compile(r"(?<!\w)(?i:c\.? ?p\.?|case postale|bo[îi]te postale) ?\d{1,6}(?!\w)(?:, ?(?i:succ(?:\.|ursale)?) ?[\w'’.-]{1,40}\w)?")


def all_of(pattern: re.Pattern, holds: Callable[[re.Match], object] = bool) -> Callable[[str], Spans]:
    """Return a finder of what matches `pattern` where `holds`, without overlap."""

    def find(text: str) -> Spans:
        yield from (match.span() for match in pattern.finditer(text) if holds(match))

    return find


def _has_letters(match: re.Match) -> bool:
    """« 12@15$ » is a price: both sides of an e-mail without a dot hold a letter."""
    ours, _, theirs = re.sub(_AT, "@", match[0]).partition("@")
    return "." in theirs or all(re.search(r"[^\W\d_]", side) for side in (ours, theirs))


def _is_ramq(match: re.Match) -> bool:
    """The digits are a date of birth, the month of a woman plus 50, and two more; two years after a word are not."""
    digits = re.sub(r"\D", "", match["digits"])
    month, day = int(digits[2:4]), int(digits[4:6])
    dated = month % 50 in range(1, 13) and month <= 62 and 1 <= day <= 31
    return dated and (not _YEARS.fullmatch(digits) or bool(_SAYS_RAMQ.search(match.string[max(0, match.start() - 60) : match.start()])))


def _is_no_list(match: re.Match) -> bool:
    """« L1 L2 L3 » and « A 1 B 2 C 3 » are lists: from one letter to the next, the step is the same."""
    if not match["apart"]:
        return True
    first, second, third = (ord(sign) for sign in match["apart"] if sign.isalpha())
    return second - first != third - second


typed_emails = all_of(_EMAIL, _has_letters)
spoken_emails = all_of(_SPOKEN_EMAIL)
glued_emails = all_of(_GLUED_EMAIL)
english_emails = all_of(_ENGLISH_EMAIL)
health_numbers = all_of(_RAMQ, _is_ramq)
postal_codes = all_of(_POSTAL, _is_no_list)
numbered_streets = all_of(_NUMBERED_STREET)
addresses = all_of(_ADDRESS)
addresses_after_their_street = all_of(_AFTER_ITS_STREET)
boxes = all_of(_BOX)
