"""What made-up conversations are made from: the real sentences, places, actors and answers of the project."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.nlu.sentences import read_sentences
from directory.models import Actor, Answer, Territory
from journal.finding import words_of

# People of each region, in thousands (census of 2021).
PEOPLE = {
    **{"R01": 199, "R02": 276, "R03": 757, "R04": 274, "R05": 337, "R06": 2004, "R07": 405, "R08": 148, "R09": 89, "R10": 46, "R11": 91},
    **{"R12": 433, "R13": 438, "R14": 528, "R15": 637, "R16": 1597, "R17": 253},
}
# What is drawn once and serves many turns: answers as they were shown, and readings of each label.
REPLIES, READINGS_A_LABEL = 4_000, 6
WITH_CARDS = 0.28
Place = tuple[str, str, str, str | None]
_SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "on", "eau")]


def zipf(number: int, exponent: float = 1.0) -> np.ndarray:
    """Return the weights of `number` things, each used 1 / rank ** exponent as often as the first."""
    return 1 / np.arange(1, number + 1) ** exponent


def own_word(number: int) -> str:
    """Return the made-up word of that number: each number has its own."""
    parts = []
    for _ in range(3):
        number, part = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
    return "x" + "".join(parts)


class Wheel:
    """Draws the numbers of things, each as often as its weight says."""

    def __init__(self, weights: Sequence[float] | np.ndarray) -> None:
        self._until = np.cumsum(np.asarray(weights, dtype=float))

    def draw(self, rng: np.random.Generator, number: int) -> np.ndarray:
        """Return `number` of them."""
        return np.searchsorted(self._until, rng.random(number) * self._until[-1], side="right")


@dataclass(frozen=True)
class World:
    """What conversations speak of: sentences (text, label) gathered by label, actors by slug, places (region, MRC, municipality, sector)
    with their weights; `replies` and `readings` are JSON as a turn keeps them, the readings of a label one after the other."""

    sentences: Sequence[tuple[str, str]]
    actors: Sequence[str]
    places: Sequence[Place]
    weights: Sequence[float]
    replies: Sequence[str]
    readings: Sequence[str]

    @cached_property
    def labels(self) -> list[str]:
        """The labels, the most used first."""
        found = sorted({label for _, label in self.sentences})
        random.Random(1).shuffle(found)
        return found

    @cached_property
    def of_label(self) -> list[list[int]]:
        """The numbers of the sentences of each label."""
        found: dict[str, list[int]] = {label: [] for label in self.labels}
        for number, (_, label) in enumerate(self.sentences):
            found[label].append(number)
        return list(found.values())

    @cached_property
    def words(self) -> list[list[str]]:
        """The words of each sentence, folded."""
        return [words_of(text) for text, _ in self.sentences]


def read_world(session: Session, sentences: Path, seed: int) -> World:
    """Return what the directory of `session` and the training sentences below a folder hold."""
    draw = random.Random(seed)
    said = sorted(set(read_sentences(sentences)))
    actors = sorted(session.scalars(select(Actor.slug)))
    draw.shuffle(actors)
    places, weights = _places(session, draw)
    made = World(said, actors, places, weights, _replies(session, actors, draw), [])
    return World(said, actors, places, weights, made.replies, _readings(made, draw))


def _places(session: Session, draw: random.Random) -> tuple[list[Place], list[float]]:
    """Return the places that conversations come from: in each region, a few towns have most of the people."""
    rows = {
        code: (level, parent) for code, level, parent in session.execute(select(Territory.code, Territory.level, Territory.parent_code))
    }
    within: dict[str, list[Place]] = {}
    for code, (level, parent) in sorted(rows.items()):
        chain = {level: code}
        while parent:
            chain[rows[parent][0]], parent = parent, rows[parent][1]
        if level in ("municipality", "sector") and "region" in chain:
            place = (chain["region"], chain.get("mrc"), chain.get("municipality"), chain.get("sector"))
            within.setdefault(chain["region"], []).append(place)
    places, weights = [], []
    for region, found in within.items():
        draw.shuffle(found)
        shares = zipf(len(found))
        places += found
        weights += list(shares / shares.sum() * PEOPLE.get(region, 100))
    return places, weights


def _replies(session: Session, actors: Sequence[str], draw: random.Random) -> list[str]:
    """Return answers as they were shown: texts of the directory with buttons, one in four with cards."""
    answers = session.execute(select(Answer.text, Answer.label)).all()
    named = dict(session.execute(select(Actor.slug, Actor.name)).all())
    return [json.dumps(_reply(answers, named, actors, draw), ensure_ascii=False) for _ in range(REPLIES)]


def _reply(answers: Sequence, named: dict[str, str], actors: Sequence[str], draw: random.Random) -> list[dict]:
    (text, _), *others = draw.sample(answers, 4)
    cards = []
    for slug in draw.choices(actors, k=draw.randint(1, 3)) if draw.random() < WITH_CARDS else ():
        why = ["sert Saint-Quelque-Part (MRC de Quelque-Part)", "finance les coopératives au démarrage"]
        step = {"first_step": "Passez par leur site pour leur écrire votre idée et où vous en êtes.", "as_of": "9 mai 2026"}
        cards.append({"name": named[slug], "does": text[:120], "why": why, **step, "website": f"https://{slug}.ca", "actor": slug})
    first = {"seq": 1, "text": text, "buttons": [label for _, label in others[: draw.randint(0, 3)]], "cards": cards}
    return [{**first, "rating": None, "reason": None, "comment": None}]


def _readings(world: World, draw: random.Random) -> list[str]:
    """Return what readings keep, several a label: the ranking, what was found in the sentence, what is known of the project."""
    made = []
    for label in world.labels:
        for _ in range(READINGS_A_LABEL):
            evidence = sorted((round(draw.random(), 4) for _ in range(5)), reverse=True)
            place = dict(zip(("region", "mrc", "municipality", "sector"), draw.choice(world.places), strict=True))
            entities = [
                {"entity": "actor", "value": slug, "text": slug.replace("-", " ")} for slug in draw.sample(world.actors, draw.randint(0, 2))
            ]
            profile = {"need": "financement", "legal_form": "cooperative", "stage": "demarrage", "place": place}
            ranking = list(zip([label, *draw.sample(world.labels, 4)], evidence, strict=True))
            kept = {"ranking": ranking, "entities": entities, "fact": None, "profile": profile, "asked": None, "came_of": None}
            made.append(json.dumps(kept, ensure_ascii=False))
    return made
