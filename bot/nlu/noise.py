"""Noise of typing, drawn at training time and in evaluation: stripped accents, slips of the keyboard, SMS."""

import random
import re
import unicodedata

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {c: (row[i - 1 : i] or "") + row[i + 1 : i + 2] for row in _ROWS for i, c in enumerate(row)}
_SMS = {
    "est-ce que": "esk", "c'est": "c", "quoi": "koi", "que": "ke", "qui": "ki", "pour": "pr", "combien": "cb",
    "beaucoup": "bcp", "aussi": "ossi", "je suis": "chu", "ça": "sa", "peut": "peu", "faut": "fau", "avec": "ac",
    "quelqu'un": "qqn", "quelque": "kelke", "dans": "ds", "toujours": "tjrs", "mais": "mé", "quand": "kan",
}  # fmt: skip


def noisy(text: str, chance: random.Random) -> str:
    """Return `text` as a hurried person might type it: one to three kinds of noise, never an empty text."""
    kinds = chance.sample((strip_accents, _drop_apostrophes, _sms, _typo, _double, _drop_letter), chance.choice((1, 1, 2, 3)))
    for kind in kinds:
        text = kind(text, chance) or text
    return text


def strip_accents(text: str, _chance: random.Random | None = None) -> str:
    """Return `text` without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def typos(text: str, chance: random.Random) -> str:
    """Return `text` without accents and with a slip in about one long word out of six."""
    return " ".join(_slip(w, chance) if len(w) > 3 and chance.random() < 1 / 6 else w for w in strip_accents(text).split())


def _slip(word: str, chance: random.Random) -> str:
    return chance.choice((_typo, _double, _drop_letter, _swap))(word, chance)


def _drop_apostrophes(text: str, chance: random.Random) -> str:
    return re.sub("['’]", chance.choice(("", " ")), text)


def _sms(text: str, _chance: random.Random) -> str:
    for long, short in _SMS.items():
        text = re.sub(rf"\b{re.escape(long)}\b", short, text, flags=re.IGNORECASE)
    return text


def _letter(text: str, chance: random.Random) -> int | None:
    places = [i for i, c in enumerate(text) if c.isalpha()]
    return chance.choice(places) if places else None


def _typo(text: str, chance: random.Random) -> str:
    i = _letter(text, chance)
    near = _NEIGHBOURS.get(strip_accents(text[i]).lower(), "") if i is not None else ""
    return text[:i] + chance.choice(near) + text[i + 1 :] if near else text


def _double(text: str, chance: random.Random) -> str:
    i = _letter(text, chance)
    return text if i is None else text[:i] + text[i] + text[i:]


def _drop_letter(text: str, chance: random.Random) -> str:
    i = _letter(text, chance)
    return text if i is None or len(text) < 4 else text[:i] + text[i + 1 :]


def _swap(text: str, chance: random.Random) -> str:
    i = _letter(text, chance)
    return text if i is None or i + 1 >= len(text) else text[:i] + text[i + 1] + text[i] + text[i + 2 :]
