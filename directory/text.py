"""Folding of text, so that names, aliases and what people type can be compared; and how names and dates are read.

Every comparison in the project goes through these two functions: two ways of folding would
make a name known in one place and unknown in another.
"""

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

# The time of Québec, by which people read dates.
QUEBEC = ZoneInfo("America/Toronto")
_PLAIN = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u02bc": "'",
        "`": "'",
        "\u0153": "oe",
        "\u00e6": "ae",
    }
)
# The combining marks that letters of Latin script leave.
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_NOT_A_WORD = re.compile(r"[^a-z0-9'$%]+")
_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_SAINTS = re.compile(r"\b(?:(ste?)|(n ?d))(?= )")


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, its words separated by one space.

    Apostrophes, digits, `$` and `%` stay; hyphens and every other sign become spaces.
    """
    text = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return _NOT_A_WORD.sub(" ", _ACCENTS.sub("", text)).strip()


def fold_key(text: str) -> str:
    """Return the key under which a name is looked up: `fold`, without apostrophes, with « St » spelt out.

    « St-Jean-sur-Richelieu » and « Saint Jean sur Richelieu » have one key; so do « N.-D.-du-Lac » and
    « Notre-Dame-du-Lac ».
    """
    text = " ".join(fold(text).replace("'", " ").split())
    return _SAINTS.sub(_spell_out, text)


def _spell_out(match: re.Match) -> str:
    if match[2]:
        return "notre dame"
    return "sainte" if match[1] == "ste" else "saint"


def typographic(text: str) -> str:
    """Return `text` with the apostrophes that people read; the directory keeps those of its sources."""
    return text.replace("'", "’")


def slugify(text: str) -> str:
    """Return `text` folded, its words joined by hyphens."""
    return "-".join(fold(text).replace("'", " ").replace("$", " ").replace("%", " ").split())


def day(text: str) -> str:
    """Return a date as the sources write it (`2024`, `2024-02`, `2024-02-27`) in plain French; other texts as is."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    if not found:
        return text
    year, month, number = found[1], found[2], found[3]
    if not month:
        return year
    if not 1 <= int(month) <= 12 or (number and not 1 <= int(number) <= 31):
        return text
    name = _MONTHS[int(month) - 1]
    return f"{name} {year}" if not number else f"{'1er' if number == '01' else int(number)} {name} {year}"


def day_of(moment: datetime) -> str:
    """Return the day of a moment, as it is in Québec, in plain French.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"the moment {moment} has no time zone")
    return day(moment.astimezone(QUEBEC).date().isoformat())
