"""Practice conversations: reads them, drives the assistant through them, judges what it showed.

The format and the folding are those of `tests/practice/FORMAT.md`.
"""

import json
import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.errors import CommandError
from directory.text import fold as directory_fold

Talk = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
MAX_TURNS = 8
_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u0153": "oe", "\u00e6": "ae"})
# What a question of the bot is about, in the order in which they are tried on its last texts.
_ASKED: tuple[tuple[str, str], ...] = (
    ("montant", r"combien|quel montant|a peu pres"),
    ("lieu", r"municipalite|quelle mrc|quelle region|ou (?:est|etes)|endroits? portent|lequel est le votre"),
    ("forme", r"forme juridique|cooperative ou|constitue"),
    ("etape", r"quelle etape|ou en etes"),
    ("besoin", r"vous cherchez|besoin"),
)
# The field that tells each kind, questions having none; where a person is, asked of personas.
_KINDS = {"turns": "dialogues", "opening": "personas", "kind": "outside"}
_PLACE = ("lieu", "mrc", "region")
_FORMAT = "voyez tests/practice/FORMAT.md"


@dataclass
class Result:
    """One case judged: its failures (empty when right) and what was said."""

    case: str
    kind: str
    failures: list[str]
    said: list[str] = field(default_factory=list)


def fold(text: str) -> str:
    """Return text in lower case, without accents, with plain apostrophes and single blanks, as the judge does."""
    text = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return re.sub(r"\s+", " ", "".join(c for c in text if not unicodedata.combining(c))).strip()


def judge(case: dict[str, Any], shown: Iterable[str]) -> list[str]:
    """Return what is wrong with what was shown; empty when it is right."""
    reply = fold("\n".join(shown))
    wrong = [f"must: {p}" for p in case.get("must", []) if not re.search(p, reply)]
    wrong += ["any: " + " | ".join(group) for group in case.get("any", []) if not any(re.search(p, reply) for p in group)]
    return wrong + [f"must_not: {p}" for p in case.get("must_not", []) if re.search(p, reply)]


def shown_in(answer: dict[str, Any]) -> list[str]:
    """Return every text that a reply shows: bubbles, fields of cards, titles of buttons."""
    texts: list[str] = []
    for reply in answer.get("replies", []):
        texts.append(reply["text"])
        for card in reply["cards"]:
            texts += [v if isinstance(v, str) else "; ".join(v) for k, v in card.items() if k != "actor"]
        texts += [button["title"] for button in reply["buttons"]]
    return texts


def read_cases(path: Path) -> list[dict[str, Any]]:
    """Return the cases of a JSON Lines file, at least one.

    Raises:
        CommandError: the file cannot be read or holds none, or a line is not a case.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}\u00a0: illisible ({type(error).__name__}); donnez un fichier JSON Lines en UTF-8.") from None
    if not text.strip():
        raise CommandError(f"{path}\u00a0: aucune conversation d’essai; {_FORMAT}.")
    # Lines end as JSON Lines says: a text may hold other line separators.
    return [_case(path, number, line) for number, line in enumerate(text.removesuffix("\n").split("\n"), 1)]


def _case(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        case = json.loads(line)
        problem = problem_of(case)
    except (ValueError, RecursionError):
        problem = "ce n’est pas du JSON"
    if problem:
        raise CommandError(f"{path}:{number}\u00a0: {problem}; {_FORMAT}.")
    return case


def problem_of(case: Any) -> str | None:
    """Return, in French, the first thing that keeps a case from being played; None when there is none."""
    if not isinstance(case, dict):
        return "ce n’est pas un objet"
    kind, turns = kind_of(case), case.get("turns", [])
    if kind == "dialogues" and not (isinstance(turns, list) and turns):
        return "«\u00a0turns\u00a0» n’est pas une liste de tours"
    texts = {
        "dialogues": [(turn, "say") for turn in turns],
        "personas": [(case, "opening"), *((case.get("facts"), name) for name in _PLACE)],
    }.get(kind, [(case, "text")])
    for holder, name in [(case, "id"), *texts]:
        if not isinstance(holder, dict) or not isinstance(holder.get(name), str):
            return f"il manque «\u00a0{name}\u00a0», un texte"
    return next(filter(None, map(_broken_pattern, [case, *turns])), None)


def _broken_pattern(holder: dict[str, Any]) -> str | None:
    """Return what is wrong with the regular expressions that a case, or a turn, is judged by."""
    groups = holder.get("any", [])
    lists = [holder.get("must", []), holder.get("must_not", []), *(groups if isinstance(groups, list) else [groups])]
    if not all(isinstance(patterns, list) for patterns in lists):
        return "«\u00a0must\u00a0», «\u00a0must_not\u00a0» et ceux de «\u00a0any\u00a0» sont des listes d’expressions"
    for pattern in (pattern for patterns in lists for pattern in patterns):
        try:
            re.compile(pattern)
        except (re.error, TypeError):
            return f"«\u00a0{pattern}\u00a0» n’est pas une expression régulière"
    return None


def kind_of(case: dict[str, Any]) -> str:
    """Return the kind of a case: questions, personas, dialogues or outside."""
    return next((kind for field_, kind in _KINDS.items() if field_ in case), "questions")


async def play(case: dict[str, Any], talk: Talk) -> Result:
    """Drive one case in a conversation of its own and return its judgement."""
    kind = kind_of(case)
    player = {"dialogues": _dialogue, "personas": _persona}.get(kind, _one_turn)
    failures, said = await player(case, talk)
    return Result(case["id"], kind, failures, said)


async def _one_turn(case: dict[str, Any], talk: Talk) -> tuple[list[str], list[str]]:
    answer = await talk({"conversation": f"essai-{case['id']}", "text": case["text"]})
    texts = shown_in(answer)
    return judge(case, texts), [f"> {case['text']}", _told(answer, texts)]


async def _dialogue(case: dict[str, Any], talk: Talk) -> tuple[list[str], list[str]]:
    failures, said = [], []
    for number, turn in enumerate(case["turns"], 1):
        answer = await talk({"conversation": f"essai-{case['id']}", "text": turn["say"]})
        texts = shown_in(answer)
        failures += [f"tour {number}: {wrong}" for wrong in judge(turn, texts)]
        said += [f"> {turn['say']}", _told(answer, texts)]
    return failures, said


async def _persona(case: dict[str, Any], talk: Talk) -> tuple[list[str], list[str]]:
    shown, said, text = [], [], case["opening"]
    for _ in range(MAX_TURNS):
        answer = await talk({"conversation": f"essai-{case['id']}", "text": text})
        texts = shown_in(answer)
        shown += texts
        said += [f"> {text}", _told(answer, texts)]
        text = reply_of(case["facts"], answer)
        if not text:
            break
    return judge(case, shown), said


def reply_of(facts: dict[str, Any], answer: dict[str, Any]) -> str:
    """Return what a person with these facts replies to the bot's last question; empty when it asks nothing."""
    last = next((r["text"] for r in reversed(answer["replies"]) if "?" in r["text"] or r["text"].rstrip().endswith("…")), "")
    question = directory_fold(re.split(r"(?<=[.!])\s", last)[-1]) if last else ""
    asked = next((name for name, pattern in _ASKED if re.search(pattern, question)), None)
    if asked is None:
        return ""
    if asked == "lieu" and "portent" in directory_fold(last):
        return f"{facts['lieu']}, {facts['mrc']}, {facts['region']}"
    value = facts.get(asked)
    return f"{value} $" if asked == "montant" and value else str(value) if value else "je ne sais pas"


def _told(answer: dict[str, Any], texts: list[str]) -> str:
    intent = answer.get("intent") or {}
    return f"  [{intent.get('name')} {intent.get('confidence', 0):.2f}] " + " / ".join(t.replace("\n", " ") for t in texts)
