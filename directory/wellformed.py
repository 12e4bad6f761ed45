"""Is what was typed of the right form: phones, e-mail addresses, web addresses, dates, lengths; and one way of writing each.

What is checked here needs one record only; what needs the others is `checking`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from directory.records import Record

LONGEST_NAME = 200
LONGEST_TEXT = 8000
LONGEST_URL = 2000
MOST_ITEMS = 200
# Fields that are one line, and those that hold addresses of pages.
_LINES = {"name", "short_name", "label", "question", "requires", "as_of", "category"}
_PAGES = {"source", "other_sources", "sources"}
# « 819 228-9461 », « (819) 228.9461 », « 1-844-474-6367 », « 514 879-0555, poste 23 »; the short numbers (811).
_PHONE = re.compile(
    r"(?:\+?(1)[ .\-]*)?\(?([2-9]\d\d)\)?[ .\-]*([2-9]\d\d)[ .\-]*(\d{4})(?:[ ,]*(?:poste|p\.|ext\.?|x|#) *(\d{1,6}))?", re.IGNORECASE
)
_SHORT_PHONE = re.compile(r"[2-9]11")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_HOST = re.compile(r"(?:[\w](?:[\w-]*[\w])?\.)+[\w-]{2,}", re.UNICODE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# What pages leave behind when they are copied: ends of lines of every system, and signs without width.
_PASTED = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", **dict.fromkeys("\u200b\u200e\u200f\ufeff", "")})
# They turn the writing around: nobody types one on purpose.
_TURNING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def tidied(given: Mapping[str, object]) -> dict[str, object]:
    """Return `given` without what copying leaves behind, accents composed, phones and sites written one way."""
    record = {name: _tidy(value) for name, value in given.items()}
    contact = record.get("contact")
    if isinstance(contact, dict):
        written = {"phone": phone_as_written, "website": _site_as_written}
        ways = contact.items()
        record["contact"] = {way: written[way](text) if way in written and isinstance(text, str) else text for way, text in ways}
    return record


def _tidy(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").translate(_PASTED)).strip()
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    return {name: _tidy(each) for name, each in value.items()} if isinstance(value, dict) else value


def phone_as_written(text: str) -> str:
    """Return a phone number as the directory writes them: « 819 228-9461, poste 23 »; any other text as it is."""
    found = _PHONE.fullmatch(text.strip())
    if not found:
        return text
    one, area, first, last, extension = found.groups()
    return f"{'1 ' if one else ''}{area} {first}-{last}{f', poste {extension}' if extension else ''}"


def _site_as_written(text: str) -> str:
    return f"https://{text}" if text.lower().startswith("www.") else text


def malformed(record: Record, today: date) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong and what to do, in French) for each value of `record` that has not the form of what it should be."""
    for field, value in record.items():
        if field == "contact":
            for way, text in (value or {}).items():
                yield from ((f"contact.{way}", problem) for problem in _wrong_contact(way, text))
            continue
        yield from ((field, problem) for problem in _wrong(field, value))
    yield from _wrong_days(record, today)


def _wrong(field: str, value: object) -> Iterator[str]:
    if isinstance(value, list) and len(value) > MOST_ITEMS:
        yield f"plus de {MOST_ITEMS} éléments\u00a0: gardez l’essentiel"
        return
    for text in _texts(value):
        # An item of a list is a line of a form.
        yield from wrong_text(text, LONGEST_NAME if field in _LINES else LONGEST_TEXT, field in _LINES or isinstance(value, list))
        if field in _PAGES and _SCHEME.match(text):
            yield from wrong_page(text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def wrong_text(text: str, longest: int, one_line: bool = False) -> Iterator[str]:
    """Yield what makes a text unfit to be kept: too long, on several lines, or with signs that nobody sees."""
    if len(text) > longest:
        yield f"{len(text)} caractères, {longest} au plus\u00a0: raccourcissez"
    if one_line and "\n" in text:
        yield "un saut de ligne s’y trouve\u00a0: écrivez tout sur une ligne"
    if any(each in _TURNING or (unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t") for each in text):
        yield "un signe invisible s’y trouve\u00a0: effacez tout et retapez le texte, sans copier-coller"


def wrong_page(text: str) -> Iterator[str]:
    """Yield what is wrong with the address of a page; only http and https are followed."""
    remedy = "recopiez l’adresse de la barre du navigateur, par exemple https://www.organisme.ca/page"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme.lower() not in ("http", "https"):
        yield f"une adresse web commence par https:// ou http://\u00a0: {remedy}"
    elif not _HOST.fullmatch(host) or parts.username or re.search(r"\s", text):
        yield f"ce n’est pas l’adresse d’une page\u00a0: {remedy}"
    elif len(text) > LONGEST_URL:
        yield f"l’adresse a plus de {LONGEST_URL} caractères\u00a0: prenez une adresse plus courte"


def _wrong_contact(way: str, text: str) -> Iterator[str]:
    if way == "website":
        yield from wrong_page(text)
    elif way == "phone" and not (_PHONE.fullmatch(text) or _SHORT_PHONE.fullmatch(text)):
        yield "ce n’est pas un numéro à dix chiffres\u00a0: écrivez par exemple 819 228-9461, ou 819 228-9461, poste 23"
    elif way == "email" and not _EMAIL.fullmatch(text):
        yield "ce n’est pas une adresse de courriel\u00a0: écrivez par exemple info@organisme.ca"
    else:
        yield from wrong_text(text, LONGEST_NAME, one_line=True)


def _wrong_days(record: Record, today: date) -> Iterator[tuple[str, str]]:
    verified, as_of = record.get("verified_on"), record.get("as_of")
    if verified and verified > today.isoformat():
        yield "verified_on", "cette date est à venir\u00a0: donnez celle d’aujourd’hui ou d’avant"
    if not as_of:
        return
    if re.search(r"[a-z]", as_of, re.IGNORECASE):
        # What a page shows may be no date: « 21 juin (année non affichée) ».
        return
    if not _DATE.fullmatch(as_of) or not _exists(as_of):
        yield "as_of", "écrivez l’année, le mois ou le jour\u00a0: 2026, 2026-11 ou 2026-11-29"
    elif as_of > today.isoformat():
        yield "as_of", "cette date est à venir\u00a0: donnez celle que montre la page"


def _exists(as_of: str) -> bool:
    try:
        date.fromisoformat(f"{as_of}-01-01"[:10])
    except ValueError:
        return False
    return True
