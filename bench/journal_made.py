"""Made-up conversations, a day at a time: the same for the same seed, on any database.

Each day gives, for each table, its columns as lists of one length. Ids follow the time at which conversations began, as they do in service.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

import numpy as np

from bench.journal_world import READINGS_A_LABEL, Wheel, World, own_word, zipf
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES
from journal.models import ABANDONED, DOUBTFUL, NOTHING_FOUND, OUTCOMES, PROPOSED, STATUSES

Columns = dict[str, Any]
Tables = dict[str, Columns]
TURNS = 10
# Québec is five hours behind UTC, whatever the season: nothing is measured by the hour.
BEHIND = np.timedelta64(5, "h")
HOURS = (1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 8, 11, 11, 10, 8, 10, 11, 10, 8, 6, 5, 5, 5, 4, 3, 2)
WEEKDAYS = (1.2, 1.3, 1.3, 1.2, 1.0, 0.5, 0.5)
CHANNELS = {"web": 0.75, "messenger": 0.25}
NEEDS_ASKED = dict(zip(NEEDS, (30, 12, 18, 10, 8, 8, 6, 8), strict=True))
CAME_OF = dict(zip(OUTCOMES, (0.38, 0.06, 0.10, 0.32, 0.06, 0.08), strict=True))
STATUS = dict(zip(STATUSES, (0.6, 0.3, 0.1), strict=True))
ASKED = ("place", "need", "legal_form", "stage")
KINDS = {"text": 0.78, "choice": 0.2, "restart": 0.02}
ACCOUNTS = ("amelie", "benoit", "chantal", "denis", "elise", "fabien")
# How much of it each of the first accounts has read.
READ = {"amelie": 0.7, "benoit": 0.05, "chantal": 0.05}
# Who has read all of the last tenth of the days, which is more than a person can.
READ_ALL_LATELY = "denis"
TAGS = (
    "à rappeler",
    "mentorat",
    "erreur de lieu",
    "financement",
    "en anglais",
    "à vérifier",
    "beau cas",
    "plainte",
    "doublon",
    "formation",
    "test",
    "rare",
)
# Words beside those of the sentences, so that some are in one conversation only.
OWN_WORDS, OWN_WORD_SHARE = 200_000, 0.3


@dataclass(frozen=True)
class Made:
    """How much to make: conversations, of TURNS turns on average, over the `days` that end with `until`, and the counts of `past` purged
    days before."""

    conversations: int
    until: date
    days: int = 90
    past: int = 275
    seed: int = 6

    def sizes(self) -> list[tuple[date, int]]:
        """Return each day and how many conversations began on it, the oldest first."""
        days = [self.until - timedelta(days=back) for back in range(self.days - 1, -1, -1)]
        shares = np.array([WEEKDAYS[day.weekday()] for day in days])
        ends = np.rint(np.cumsum(shares) / shares.sum() * self.conversations).astype(int)
        return list(zip(days, np.diff(ends, prepend=0).tolist(), strict=True))


def batches(world: World, made: Made) -> Iterator[Tables]:
    """Yield, a day at a time, the columns of each table."""
    first, first_turn = 1, 1
    for number, (day, size) in enumerate(made.sizes()):
        if size:
            rng = np.random.default_rng([made.seed, number])
            tables = _day(world, made, rng, day, first, first_turn, size)
            first, first_turn = first + size, first_turn + len(tables["journal_turn"]["id"])
            yield tables


def past_counts(world: World, made: Made) -> Iterator[Tables]:
    """Yield, a day at a time, the counts that are left of the days that were purged before the first."""
    size = made.conversations // made.days
    for back in range(made.past if size else 0):
        rng, day = np.random.default_rng([made.seed, 1, back]), made.until - timedelta(days=made.days + back)
        drawn = _project(world, rng, size)
        names = ("channel", "region", "mrc", "need", "outcome", "unmet_need", "waited_for", "rating")
        told = Counter(zip(*(drawn[name] for name in names), strict=True))
        counted = dict(zip(names, map(list, zip(*told, strict=True)), strict=True))
        actors = Counter(_actors(world, rng, size).tolist())
        labels = Counter(Wheel(zipf(len(world.labels))).draw(rng, size // 10 + 1).tolist())
        yield {
            "journal_count": {"day": [day] * len(told), **counted, "conversations": list(told.values())},
            "journal_past_proposal": {
                "day": [day] * len(actors),
                "actor": [world.actors[each] for each in actors],
                "conversations": list(actors.values()),
            },
            "journal_past_question": {
                "day": [day] * len(labels),
                "label": [world.labels[each] for each in labels],
                "turns": list(labels.values()),
            },
        }


def _pick(rng: np.random.Generator, number: int, weights: dict[str, float]) -> np.ndarray:
    return np.array([*weights], dtype=object)[Wheel([*weights.values()]).draw(rng, number)]


def _or_none(rng: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    return np.where(rng.random(len(values)) < share, values, None)


def _actors(world: World, rng: np.random.Generator, number: int) -> np.ndarray:
    return Wheel(zipf(len(world.actors))).draw(rng, number)


def _project(world: World, rng: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    """Return what conversations were about, and came to."""
    place = np.array(world.places, dtype=object)[Wheel(world.weights).draw(rng, size)]
    place[rng.random(size) > 0.7] = None
    outcome, need = _pick(rng, size, CAME_OF), _pick(rng, size, NEEDS_ASKED)
    need = np.where(np.isin(outcome, (PROPOSED, NOTHING_FOUND)) | (rng.random(size) < 0.5), need, None)
    return {
        "channel": _pick(rng, size, CHANNELS),
        **dict(zip(("region", "mrc", "municipality", "sector"), place.T, strict=True)),
        "need": need,
        "outcome": outcome,
        "unmet_need": np.where(outcome == NOTHING_FOUND, need, None),
        "waited_for": np.where(outcome == ABANDONED, _pick(rng, size, dict.fromkeys(ASKED, 1)), None),
        "rating": _or_none(rng, _pick(rng, size, {"up": 3, "down": 1}), 0.02),
    }


def _day(world: World, made: Made, rng: np.random.Generator, day: date, first: int, first_turn: int, size: int) -> Tables:
    lengths = 1 + rng.multinomial((TURNS - 1) * size, (shares := rng.gamma(1.5, size=size)) / shares.sum())
    begun = np.datetime64(day, "s") + BEHIND + Wheel(HOURS).draw(rng, size) * 3600 + rng.integers(0, 3600, size)
    begun.sort()
    ids = np.arange(first, first + size)
    turns = _turns(world, rng, lengths, begun, first_turn)
    project = _project(world, rng, size)
    starts = np.cumsum(lengths) - lengths
    active = begun + turns.pop("_last")[starts + lengths - 1].astype("timedelta64[s]")
    lately = (made.until - day).days < made.days / 10
    staff = _staff(rng, ids, lengths, active, READ | ({READ_ALL_LATELY: 1} if lately else {}))
    numbers = turns.pop("_sentence")
    conversations = {
        "id": ids,
        "digest": [hashlib.sha256(str(each).encode()).hexdigest() for each in ids.tolist()],
        # Those that are not to be kept are gone the next day.
        "kept": (rng.random(size) < 0.8) | (day < made.until),
        "begun_at": begun,
        "begun_on": [day] * size,
        "active_at": active,
        **project,
        "legal_form": _or_none(rng, _pick(rng, size, dict.fromkeys(LEGAL_FORMS, 1)), 0.55),
        "stage": _or_none(rng, _pick(rng, size, dict.fromkeys(STAGES, 1)), 0.4),
        **_summed(turns, starts, project["rating"]),
        "lot": rng.integers(0, 1000, size),
        "status": _pick(rng, size, STATUS),
        "assignee": _or_none(rng, _pick(rng, size, dict(zip(ACCOUNTS, zipf(6), strict=True))), 0.03),
        "flags": np.bincount(staff["journal_flag"]["conversation_id"] - first, minlength=size),
        "version": np.zeros(size, dtype=int),
    }
    turns |= {"conversation_id": np.repeat(ids, lengths), "day": [day] * len(turns["seq"])}
    return {
        "journal_conversation": conversations,
        "journal_turn": turns,
        "journal_proposal": _proposals(world, rng, ids[project["outcome"] == PROPOSED], lengths[project["outcome"] == PROPOSED], day),
        "journal_words": {"conversation_id": ids, "words": _words(world, numbers, turns.pop("_own"), starts)},
        **staff,
    }


def _turns(world: World, rng: np.random.Generator, lengths: np.ndarray, begun: np.ndarray, first: int) -> Columns:
    """Return the columns of the turns; those whose name begins with _ are for what follows from them."""
    total = int(lengths.sum())
    seq = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    label = Wheel(zipf(len(world.labels))).draw(rng, total)
    counts, flat = np.array([len(each) for each in world.of_label]), np.array([*chain.from_iterable(world.of_label)])
    sentence = flat[(np.cumsum(counts) - counts)[label] + (rng.random(total) * counts[label]).astype(int)]
    own = np.where(rng.random(total) < OWN_WORD_SHARE, np.exp(rng.random(total) * np.log(OWN_WORDS)).astype(int) - 1, -1)
    fallback, kind = rng.random(total) < 0.05, _pick(rng, total, KINDS)
    confidence = np.where(fallback, DOUBTFUL * rng.random(total), 1 - 0.7 * rng.random(total) ** 3).round(4)
    said = [
        world.sentences[number][0] if extra < 0 else f"{world.sentences[number][0]} {own_word(extra)}"
        for number, extra in zip(sentence.tolist(), own.tolist(), strict=True)
    ]
    names = np.array(world.labels, dtype=object)
    intents = np.array([each.partition("/")[0] for each in world.labels], dtype=object)
    seconds = seq * 45 + rng.integers(0, 40, total)
    return {
        "id": np.arange(first, first + total),
        "seq": seq + 1,
        "at": np.repeat(begun, lengths) + seconds.astype("timedelta64[s]"),
        "kind": kind,
        "text": said,
        "intent": intents[label],
        "label": names[label],
        "confidence": confidence,
        "fallback": fallback,
        "doubtful": fallback | ((confidence < DOUBTFUL) & (kind == "text")),
        "rephrased": rng.random(total) < 0.02,
        "unheld": _or_none(rng, names[label % 40], 0.01),
        "failed": rng.random(total) < 0.001,
        "rating": _or_none(rng, _pick(rng, total, {"up": 0.8, "down": 0.2}), 0.0125),
        "model": np.array(["0f3a", "17bc", "9d20"], dtype=object)[rng.integers(0, 3, total)],
        "latency_ms": rng.gamma(4, 12, total).astype(int),
        "reading": np.array(world.readings, dtype=object)[label * READINGS_A_LABEL + rng.integers(0, READINGS_A_LABEL, total)],
        "replies": np.array(world.replies, dtype=object)[rng.integers(0, len(world.replies), total)],
        "_last": seconds,
        "_sentence": sentence,
        "_own": own,
    }


def _summed(turns: Columns, starts: np.ndarray, rating: np.ndarray) -> Columns:
    """Return what a conversation counts of its turns."""

    def total(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values.astype(int), starts)

    return {
        "messages": np.diff(starts, append=len(turns["seq"])),
        "least_confidence": np.minimum.reduceat(turns["confidence"], starts),
        "fallbacks": total(turns["fallback"]),
        "unheld": total(np.not_equal(turns["unheld"], None)),
        "failures": total(turns["failed"]),
        "thumbs_up": total(turns["rating"] == "up") + (rating == "up"),
        "thumbs_down": total(turns["rating"] == "down") + (rating == "down"),
    }


def _proposals(world: World, rng: np.random.Generator, ids: np.ndarray, lengths: np.ndarray, day: date) -> Columns:
    shown = rng.integers(1, 5, len(ids))
    owner, length = np.repeat(ids, shown), np.repeat(lengths, shown)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(shown) - shown, shown) + 1
    actor = _actors(world, rng, len(owner))
    _, kept = np.unique(owner * len(world.actors) + actor, return_index=True)
    seq = (rng.random(len(owner)) * length).astype(int) + 1
    names = np.array(world.actors, dtype=object)[actor]
    columns = {"conversation_id": owner, "actor": names, "seq": seq, "rank": rank}
    return {**{name: values[kept] for name, values in columns.items()}, "day": [day] * len(kept)}


def _words(world: World, sentences: np.ndarray, own: np.ndarray, starts: np.ndarray) -> list[str]:
    words, made = world.words, []
    ends = [*starts[1:].tolist(), len(sentences)]
    sentences, own = sentences.tolist(), own.tolist()
    for start, end in zip(starts.tolist(), ends, strict=True):
        said = dict.fromkeys(chain.from_iterable(words[number] for number in sentences[start:end]))
        said |= dict.fromkeys(own_word(number) for number in own[start:end] if number >= 0)
        made.append("".join(f" {word}" for word in said))
    return made


def _staff(rng: np.random.Generator, ids: np.ndarray, lengths: np.ndarray, active: np.ndarray, shares: dict[str, float]) -> Tables:
    """Return what staff made of conversations: tags, notes, flags, and what each has read (`shares`)."""
    size = len(ids)
    later = active + np.timedelta64(3600, "s")
    tagged, noted, flagged = (np.flatnonzero(rng.random(size) < share) for share in (0.04, 0.005, 0.003))
    named = noted[rng.random(len(noted)) < 0.3]
    read = [(account, np.flatnonzero(rng.random(size) < share)) for account, share in shares.items()]
    reader = dict(zip(ACCOUNTS, zipf(6), strict=True))
    return {
        "journal_tag": {
            "conversation_id": ids[tagged],
            "name": _pick(rng, len(tagged), dict(zip(TAGS, zipf(len(TAGS), 1.5), strict=True))),
        },
        "journal_note": {
            "id": ids[noted],
            "conversation_id": ids[noted],
            "author": _pick(rng, len(noted), reader),
            "written_at": later[noted],
            "text": ["À revoir avec le pôle de la région."] * len(noted),
        },
        "journal_mention": {"note_id": ids[named], "account": _pick(rng, len(named), reader)},
        "journal_flag": {
            "conversation_id": ids[flagged],
            "seq": (rng.random(len(flagged)) * lengths[flagged]).astype(int) + 1,
            "reason": ["misunderstood"] * len(flagged),
            "author": _pick(rng, len(flagged), reader),
            "flagged_at": later[flagged],
        },
        "journal_seen": {
            "account": [*chain.from_iterable([account] * len(rows) for account, rows in read)],
            "conversation_id": np.concatenate([ids[rows] for _, rows in read]),
            "seen_at": np.concatenate([later[rows] for _, rows in read]),
        },
    }
