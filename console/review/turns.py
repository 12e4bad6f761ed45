"""A turn as staff read it: what was said on both sides, what was understood and why, what was proposed and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.filters import count
from console.review import intents, words
from console.review.elsewhere import record
from console.review.names import Codes, Names
from directory.vocabulary import ACTOR_KINDS, FACETS, LEGAL_FORMS, NEEDS, STAGES
from journal.models import DOUBTFUL, Turn

READINGS = 3
_VALUES = {"actor_kind": ACTOR_KINDS, "need": NEEDS, "legal_form": LEGAL_FORMS, "stage": STAGES}


@dataclass(frozen=True)
class Linked:
    """Something that was recognised: its kind, its names with the pages that they have, and the words that named it."""

    kind: str
    named: list[tuple[str, str | None]]
    said: str


@dataclass(frozen=True)
class Reading:
    """What was understood of a turn. `sure` is a confidence in words and in percent; `remarks` say plainly what went wrong; `answer` is
    the page of the checked answer that it names."""

    name: str
    label: str
    sure: str
    doubtful: bool
    ranking: list[tuple[str, str]]
    linked: list[Linked]
    fact: str
    project: list[tuple[str, str]]
    remarks: list[str]
    came_of: str
    asked: str
    model: str
    latency: str
    answer: str | None


@dataclass(frozen=True)
class Proposed:
    """An organisation that was proposed: its rank, its name in the directory and its page, the title of its card and its reasons."""

    rank: int
    actor: str
    address: str | None
    title: str
    why: list[str]


@dataclass(frozen=True)
class Shown:
    """A turn on the page."""

    row: Turn
    kind: str
    reading: Reading | None
    replies: list[Mapping[str, Any]]
    proposed: list[Proposed] = field(default_factory=list)


def shown(turn: Turn, names: Names) -> Shown:
    """Return a turn as it is shown."""
    replies = [reply for reply in turn.replies or () if isinstance(reply, dict)]
    return Shown(turn, words.KINDS.get(turn.kind, ""), _reading(turn, names), replies, _proposed(replies, names))


def codes_of(turns: Sequence[Turn]) -> Codes:
    """Return the codes that turns hold, for their names to be read at once."""
    codes = Codes()
    for turn in turns:
        reading = turn.reading or {}
        codes.places |= {code for code in ((reading.get("profile") or {}).get("place") or {}).values() if code}
        labels = [turn.label, *(label for label, _ in reading.get("ranking") or ())]
        codes.topics |= {label.removeprefix(intents.TOPIC) for label in labels if label and label.startswith(intents.TOPIC)}
        codes.actors |= {card["actor"] for _, card in _cards(turn.replies or ()) if card.get("actor")}
        for entity in reading.get("entities") or ():
            into = {"place": codes.places, "actor": codes.actors, "service": codes.services}.get(entity.get("entity"))
            if into is not None:
                into |= {*_values(entity)}
    return codes


def _values(entity: Mapping[str, Any]) -> list[str]:
    value = entity.get("value")
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _reading(turn: Turn, names: Names) -> Reading | None:
    if not turn.label and not turn.fallback and not turn.failed:
        return None
    held = turn.reading or {}
    # Their evidence is not told: it is on another scale than the confidence, and would seem to contradict it.
    ranking = [(intents.name_of(label, names.topics), label) for label, _ in (held.get("ranking") or ())[:READINGS]]
    sure = f"{words.sureness(turn.confidence)}, {words.percent(turn.confidence)}" if turn.confidence is not None else ""
    return Reading(
        name=intents.name_of(turn.label, names.topics) if turn.label else "Rien",
        label=turn.label or "",
        sure=sure,
        doubtful=turn.confidence is not None and turn.confidence < DOUBTFUL,
        ranking=ranking,
        linked=[_linked(entity, names) for entity in held.get("entities") or ()],
        fact=_fact(held.get("fact")),
        project=_project(held.get("profile") or {}, names),
        remarks=_remarks(turn),
        came_of=words.CAME_OF.get(held.get("came_of"), ""),
        asked=words.ASKED.get(held.get("asked"), ""),
        model=turn.model or "",
        latency="" if turn.latency_ms is None else f"{turn.latency_ms / 1000:.1f}\u00a0s".replace(".", ","),
        answer=record("reponses", (turn.label or "").removeprefix(intents.TOPIC), names.topics),
    )


def _fact(fact: str | None) -> str:
    return intents.names().get(fact) or FACETS.get(fact, fact) if fact else ""


def _linked(entity: Mapping[str, Any], names: Names) -> Linked:
    kind = str(entity.get("entity", ""))
    return Linked(words.ENTITIES.get(kind, kind), [_named(kind, value, names) for value in _values(entity)], str(entity.get("text") or ""))


def _named(kind: str, value: str, names: Names) -> tuple[str, str | None]:
    if kind == "actor":
        return names.actor(value), record("organismes", value, names.actors)
    if kind == "place":
        return names.place(value), None
    if kind == "service":
        return names.service(value), record("services", value, names.services)
    if kind == "amount":
        return (f"{count(int(float(value)))}\u00a0$" if value.replace(".", "", 1).isdecimal() else value), None
    return _VALUES.get(kind, {}).get(value, value), None


def _project(profile: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    """Return what was known of the project after the turn: its need, form and stage, and the places from the widest."""
    told = [(title, labels.get(profile[name], profile[name])) for name, (title, labels) in words.PROFILE.items() if profile.get(name)]
    places = [names.place(code) for code in (profile.get("place") or {}).values() if code]
    return [*told, *([("Lieu", ", ".join(reversed(places)))] if places else [])]


def _remarks(turn: Turn) -> list[str]:
    told = []
    if turn.failed:
        told.append("Une panne a empêché de répondre à ce message.")
    if turn.fallback:
        told.append("La phrase n’a pas été comprise\u00a0: le robot l’a dit.")
    elif turn.doubtful:
        told.append("La phrase a été comprise avec peine\u00a0: la réponse peut être à côté.")
    if turn.unheld:
        told.append("Ce qui est demandé n’est pas dans l’annuaire.")
    if turn.rephrased:
        told.append("La personne a redit la même chose autrement juste après.")
    return told


def _cards(replies: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    cards = (card for reply in replies for card in reply.get("cards") or () if isinstance(card, dict))
    return enumerate(cards, start=1)


def _proposed(replies: Sequence[Mapping[str, Any]], names: Names) -> list[Proposed]:
    return [
        Proposed(rank, names.actor(actor), record("organismes", actor, names.actors), str(card.get("name", "")), [*card.get("why", ())])
        for rank, card in _cards(replies)
        if (actor := card.get("actor"))
    ]
