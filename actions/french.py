"""French forms of numbers, dates, lists and addresses as users read them."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from directory.text import day

NBSP = "\u00a0"


def dollars(amount: int) -> str:
    """Return `50 000 $` or `2,5 M$`, with no-break spaces."""
    if amount >= 1_000_000 and amount % 10_000 == 0:
        return f"{amount / 1_000_000:.2f}".rstrip("0").rstrip(".").replace(".", ",") + f"{NBSP}M$"
    return f"{amount:,}".replace(",", NBSP) + f"{NBSP}$"


def dollar_range(low: int | None, high: int | None) -> str:
    """Return « de X à Y », « jusqu’à Y », « à partir de X », or nothing when neither is known."""
    if low and low == high:
        return dollars(low)
    if low and high:
        return f"de {dollars(low)} à {dollars(high)}"
    if high:
        return f"jusqu’à {dollars(high)}"
    return f"à partir de {dollars(low)}" if low else ""


def percent(share: float) -> str:
    """Return a share of 1 as `31,5 %`."""
    return f"{share * 100:.1f}".rstrip("0").rstrip(".").replace(".", ",") + f"{NBSP}%"


def joined(items: Sequence[str], word: str = "et") -> str:
    """Return « a, b et c »."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" {word} {items[-1]}" if items else ""


def host(address: str) -> str:
    """Return the host of a web address, without `www.`."""
    return urlsplit(address if "//" in address else f"//{address}").netloc.removeprefix("www.")


def source_line(sources: Sequence[str], as_of: str | None, read_in: str = "novembre 2026") -> str:
    """Return « Source : host, date », or that the page bears no date and when it was read."""
    hosts = list(dict.fromkeys(host(s) or s for s in sources))[:2]
    when = day(as_of) if as_of else f"page non datée, relevée en {read_in}"
    return f"Source{NBSP}: {joined(hosts)}, {when}." if hosts else ""


def older_than_years(as_of: str | None, today: date, years: int) -> bool:
    """Return whether a dated fact is older than `years`; an undated one is not known to be."""
    return bool(as_of and as_of[:4].isdigit() and today.year - int(as_of[:4]) >= years)


def lower_first(text: str) -> str:
    """Return `text` with a small first letter, unless it begins with an acronym."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return `text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Return `text` with a capital and a full stop."""
    return ended(upper_first(text.strip()))


def ended(text: str) -> str:
    """Return `text` with a full stop, unless it ends on a sign that closes a sentence already (« j’achète! »)."""
    return text if text.endswith((".", "!", "?", "…")) else text + "."
