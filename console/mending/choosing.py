"""The labels that a page offers for a group of sentences: as they were read, those of the nearest training sentences, what was searched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.mending.advice import Desk
from console.mending.grouping import Group
from console.mending.labels import Label, search
from journal.corrections import sentence_key
from journal.misunderstood import rankings

READINGS, NEAREST, LOOKED_AT = 3, 5, 12


@dataclass(frozen=True)
class Offer:
    """A label that is offered: how much of the readings of the group it holds (0..1), and the nearest of its training sentences; either
    may be missing."""

    label: Label
    evidence: float | None = None
    near: str = ""


def offers(session: Session, desk: Desk, group: Group, searched: str, chosen: str) -> list[Offer]:
    """Return the labels offered for a group, each once: its readings first, then what was `searched`, then those of the nearest sentences;
    the `chosen` one is always among them."""
    evidence, near = _readings(session, group), _nearest(desk, group)
    codes = [*list(evidence)[:READINGS], *(label.code for label in search(desk.labels, searched)), *list(near)[:NEAREST], chosen]
    known = [code for code in dict.fromkeys(codes) if code in desk.labels]
    return [Offer(desk.labels[code], evidence.get(code), near.get(code, "")) for code in known]


def _readings(session: Session, group: Group) -> Mapping[str, float]:
    """Return how much evidence each label has on average over the group, the most first: the last turn of each sentence tells."""
    ranked = rankings(session, [each.turn_ids[0] for each in group.heard])
    total: dict[str, float] = {}
    for ranking in ranked.values():
        for code, value in ranking[:READINGS]:
            total[code] = total.get(code, 0.0) + value / max(1, len(ranked))
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


def _nearest(desk: Desk, group: Group) -> Mapping[str, str]:
    """Return the training sentence that is nearest to one of the group, by label, the nearest label first."""
    keys: Sequence[tuple[str, str]] = list(desk.sentences.owners.values())
    asked = [sentence_key(each.text) for each in group.heard[:LOOKED_AT]]
    found = [pair for near in desk.sentences.nearest(asked, LOOKED_AT) for pair in near]
    best: dict[str, str] = {}
    for number, _ in sorted(found, key=lambda pair: (-pair[1], pair[0])):
        text, code = keys[number]
        best.setdefault(code, text)
    return best
