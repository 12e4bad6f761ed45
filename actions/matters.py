"""The matters of the field (quorum, auditor, insurance…), by which a question whose fact is not in the directory is known for one.

The words of a matter are in `data/matters.yml`. A reply that does not name the matter asked about does not answer: the assistant
then says that its sources do not tell, and whom to ask.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from actions.access import Access
from actions.asking import asks
from actions.reply import NOT_HELD, Button, Message, Reply, came_to
from actions.telling import reachable, whom_to_ask
from actions.turn import Turn
from directory.models import Actor
from directory.queries import answer_by_slug
from directory.text import fold
from settings import PROJECT_ROOT

UNHELD = "ask_unheld"
_FILE = PROJECT_ROOT / "data" / "matters.yml"
_SMALL = frozenset(
    "a au aux ce ces cet cette d de des du en l la le les leur leurs mes mon nos notre par pour sa ses son sur un une vos votre".split()
)
_BETWEEN = rf" (?:(?:{'|'.join(sorted(_SMALL))})[ ])*"
_SENTENCE = re.compile(r"(?<=[.?!:;])\s+")
_CLAUSE = re.compile(r"[.?!:;,()\n]+")
# Of a word: a matter is looked for when a text has the beginning of one of its patterns.
_BEGINNING = 3
_THEIRS = re.compile(r"\b(?:leurs?|eux|ils|elles)\b")
_MOST_DOORS = 2
# A probability (docs/reliability.svg): chosen on development, where a tenth of the right answers and six in ten of the others are under it.
SURELY_READ = 0.8
_ANY_DOMAIN = "autre"
_NOT_HELD = "Mes sources ne répondent pas à cette question"


@dataclass(frozen=True)
class Matter:
    """A matter as it is said after « cette question sur », the words by which people name it and how these begin, whom to ask about it by
    legal form (`any` for both), and the topics and intents whose replies tell it in other words."""

    said: str
    words: re.Pattern
    beginnings: frozenset[str]
    doors: dict[str, list[str]]
    told_by: frozenset[str]


@lru_cache(maxsize=1)
def _held() -> dict[str, Any]:
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def matters() -> tuple[Matter, ...]:
    """Return every matter of the file, in its order."""
    held = _held()
    return tuple(
        Matter(
            each["said"],
            re.compile(rf"\b(?:{'|'.join(map(_pattern, each['words']))})\b"),
            frozenset(_told(words)[0].rstrip("$")[:_BEGINNING] for words in each["words"]),
            held["doors"][each["domain"]],
            frozenset(each.get("told_by", ())),
        )
        for each in held["matters"]
    )


def _pattern(words: str) -> str:
    """Return the pattern of words, each singular or plural, small words between them or not; `*` stands for any ending."""
    return _BETWEEN.join(rf"{re.escape(word[:-1])}\w*" if word.endswith("$") else rf"{re.escape(word)}[sx]?" for word in _told(words))


def _told(words: str) -> list[str]:
    """Return words of the file, folded, `$` for any ending."""
    return _spaced(words.replace("*", "$")).split()


def _spaced(text: str) -> str:
    return " ".join(fold(text).replace("'", " ").split())


def asked_about(turn: Turn) -> tuple[Matter, ...]:
    """Return the matters that a question names, the names of organisations left out; of a story, those of its questions when they name
    any."""
    text = turn.text
    named = {(e["start"], e["end"]) for e in turn.entities if e.get("entity") in ("actor", "service", "place") and e.get("end", 0)}
    for start, end in sorted(named, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    questions = [sentence for sentence in _SENTENCE.split(text) if sentence.rstrip().endswith("?")]
    return _in(" ".join(questions)) or _in(text)


@lru_cache(maxsize=64)
def _in(text: str) -> tuple[Matter, ...]:
    """Return the matters that the clauses of a text name, the one named by most letters first."""
    clauses = [spaced for clause in _CLAUSE.split(text) if (spaced := _spaced(clause))]
    begun = {word[:length] for clause in clauses for word in clause.split() for length in range(1, _BEGINNING + 1)}
    near = [matter for matter in matters() if not matter.beginnings.isdisjoint(begun)]
    found = [(max((len(hit[0]) for clause in clauses if (hit := matter.words.search(clause))), default=0), matter) for matter in near]
    return tuple(matter for length, matter in sorted(found, key=lambda each: -each[0]) if length)


def instead_of(reply: Reply | None, turn: Turn, access: Access) -> Reply | None:
    """Return that the directory does not hold what was asked, when `reply` tells none of the matters named; without a reply, when a
    question names one. None otherwise."""
    asked = asked_about(turn)
    if not asked or (reply is None and not asks(turn.text)):
        return None
    if reply is not None and (says_not_held(reply) or _tells(reply, asked, turn, access)):
        return None
    return not_known(turn, reply, access)


def says_not_held(reply: Reply) -> bool:
    """Return whether a reply says that the directory does not hold what was asked."""
    return any(message.text.startswith(_NOT_HELD) for message in reply.messages)


def _tells(reply: Reply, asked: Sequence[Matter], turn: Turn, access: Access) -> bool:
    """Return whether a reply names one of the matters, or is an answer or a fact known to tell it, of a message surely read."""
    topic, facet = reply.slots.get("last_topic"), reply.slots.get("last_facet")
    answer = answer_by_slug(access.session, topic) if topic else None
    told = _spaced(" ".join([*(message.text for message in reply.messages), answer.question if answer else ""]))
    known = {topic, facet} if turn.confidence >= SURELY_READ else set()
    return any(matter.words.search(told) or known & matter.told_by for matter in asked)


def not_known(turn: Turn, near: Reply | None, access: Access) -> Reply:
    """Return that the directory does not hold what was asked, whom to ask, and the answer of the reply `near` as a button."""
    asked = asked_about(turn)
    lead = f"{_NOT_HELD} sur {asked[0].said}." if asked else f"{_NOT_HELD}."
    doors = _doors(asked[0].doors if asked else _held()["doors"][_ANY_DOMAIN], turn, access)
    topic = near and near.slots.get("last_topic")
    answer = answer_by_slug(access.session, topic) if topic else None
    buttons = (Button(answer.label, "ask_topic", {"topic": answer.slug}),) if answer else ()
    slots = {"last_topic": None, "last_facet": None, "last_sources": [], "last_as_of": None, "fallbacks": 0}
    slots |= came_to(NOT_HELD, asked[0].said if asked else "")
    slots["last_door"] = doors[0].slug if doors else None
    if not _of_whom(turn):
        # « Leur numéro? » then asks that of whom to ask.
        slots |= {"last_actor": None, "last_service": None}
    return Reply((Message(f"{lead} {whom_to_ask(doors)}".strip(), buttons),), slots)


def _of_whom(turn: Turn) -> list[str]:
    """Return the slugs of the organisations that a message asks something of: those named, else the last one, when it says « leur »."""
    last = turn.slot("last_actor")
    return turn.named_actors or ([last] if last and _THEIRS.search(fold(turn.text)) else [])


def _doors(by_form: Mapping[str, Sequence[str]], turn: Turn, access: Access) -> list[Actor]:
    """Return whom to ask, two at most: the organisation named, then those of the domain, of the legal form when it is known."""
    form = turn.first("legal_form") or turn.slot("legal_form")
    slugs = dict.fromkeys([*_of_whom(turn), *by_form.get(form, by_form["any"])])
    return reachable(slugs, access)[:_MOST_DOORS]
