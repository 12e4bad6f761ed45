"""A conversation of the journal as a test of tests/conversations: the same steps, and what each must show, for staff to adjust.

Pure: turns in, a YAML text out. What people typed holds no personal data, or there is no test.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from directory.text import slugify
from journal.masked import MARK

TYPED, PRESSED, RESTARTED, GREETING = "text", "choice", "restart", "greeting"
MOST_CARDS, MOST_WORDS, LONGEST_NAME = 3, 8, 60
_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u0153": "oe", "\u00e6": "ae"})
_SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
# Said once to whoever comes, whatever was asked.
_INTRODUCTION = re.compile(r"je suis aiguilleur|j'ai masque|votre message est tres long")
# What a test may never show (tests/conversations/test_conversations.py).
_NEVER = re.compile(r"[{}]|utter_|\bnone\b|\bnull\b")

Mask = Callable[[str], tuple[str, list[str]]]


@dataclass(frozen=True)
class Step:
    """A turn of a conversation, as the journal holds it."""

    kind: str
    text: str
    label: str | None
    confidence: float | None
    replies: Sequence[Mapping[str, Any]]


class NoTest(Exception):
    """The conversation makes no test; the message says why, to staff."""


def scenario(name: str, steps: Sequence[Step], name_of: Callable[[str], str], mask: Mask, number: int) -> str:
    """Return the YAML of the test called `name` of the conversation `number`; of one that was begun again, what was last said.

    Raises:
        NoTest: it holds personal data, or nothing that could be tried.
    """
    kept = _since_restart(steps)
    _refuse_personal(kept, mask)
    lines = [
        f"# D’après la conversation {number} du journal. Relisez\u00a0: ce qui a été montré n’est pas toujours ce qu’il fallait.",
        f"- name: {name}",
        "  turns:",
    ]
    offered: list[str] = []
    expected = False
    for step in kept:
        shows = _shows(step.replies)
        expected = expected or bool(shows)
        lines += _step_lines(step, shows, offered, name_of)
        offered = [title for reply in step.replies for title in reply.get("buttons", ())] or offered
    if not expected:
        raise NoTest("Cette conversation n’a pas de réponse à vérifier\u00a0: choisissez-en une autre.")
    return "\n".join(lines) + "\n"


def name_of_test(text: str) -> str:
    """Return a name of a test made of `text`: small letters, digits and underscores; "" when nothing is left of it."""
    return re.sub(r"[^a-z0-9]+", "_", slugify(text))[:LONGEST_NAME].strip("_")


def proposed_name(steps: Sequence[Step], number: int) -> str:
    """Return the name that a conversation gives to its test."""
    first = next((step.text for step in _since_restart(steps) if step.kind == TYPED), "")
    return name_of_test(f"conversation {number} {MARK.sub('', first)}")


def _since_restart(steps: Sequence[Step]) -> list[Step]:
    last = max((number for number, step in enumerate(steps) if step.kind == RESTARTED), default=-1)
    return [step for step in steps[last + 1 :] if step.kind in (TYPED, PRESSED)]


def _refuse_personal(steps: Sequence[Step], mask: Mask) -> None:
    if not any(step.text for step in steps):
        raise NoTest("Il ne reste rien de ce que la personne a écrit\u00a0: choisissez une autre conversation.")
    for number, step in enumerate(steps, 1):
        if not step.text.strip():
            raise NoTest(f"Le texte de l’étape {number} n’est plus là\u00a0: choisissez une autre conversation.")
        if MARK.search(step.text) or mask(step.text)[1]:
            told = f"L’étape {number} contient un renseignement personnel, même masqué\u00a0: un test n’en contient pas."
            raise NoTest(f"{told} Rejouez la conversation vous-même, sans lui.")


def _step_lines(step: Step, shows: Sequence[str], offered: Sequence[str], name_of: Callable[[str], str]) -> list[str]:
    text = " ".join(step.text.split())
    pressed = step.kind == PRESSED and text in offered
    lines = [f"    - {'press' if pressed else 'say'}: {_scalar(text)}"]
    if step.label and step.kind == TYPED:
        sure = "" if step.confidence is None else f", sûr à {round(step.confidence * 100)}\u00a0%"
        lines.append(f"      # lu comme\u00a0: {_comment(name_of(step.label))} ({_comment(step.label)}{sure})")
    if shows:
        lines.append(f"      shows: [{', '.join(_scalar(pattern) for pattern in shows)}]")
    return lines


def _shows(replies: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what a turn must show: the organisations of its cards, else the beginning of what it says, as patterns."""
    names = [card["name"] for reply in replies for card in reply.get("cards", ()) if card.get("name")]
    found = [pattern for name in dict.fromkeys(names) if (pattern := _pattern(name, None))][:MOST_CARDS]
    if found:
        return found
    said = [part for reply in replies for part in _SENTENCE.split(reply.get("text") or "")]
    patterns = (_pattern(part, MOST_WORDS) for part in said if not _INTRODUCTION.match(_folded(part)))
    return [pattern for pattern in patterns if pattern][:1]


def _pattern(text: str, words: int | None) -> str:
    """Return the regular expression of the first `words` of a text, folded as the tests fold; "" when it would not be found there."""
    folded = " ".join(_folded(text).split()[:words]).strip(" .,;:")
    if not folded or _folded(folded) != folded or _NEVER.search(folded):
        return ""
    return _SPECIAL.sub(r"\\\1", folded)


def _folded(text: str) -> str:
    """Return `text` as tests/conftest.py folds what is shown: small letters, no accents, plain apostrophes, single blanks; signs stay."""
    text = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return re.sub(r"\s+", " ", "".join(sign for sign in text if not unicodedata.combining(sign))).strip()


def _scalar(text: str) -> str:
    """Return `text` as a string of a flow of YAML, whatever it holds."""
    return yaml.safe_dump([text], allow_unicode=True, default_flow_style=True, width=10**9).strip()[1:-1]


def _comment(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
