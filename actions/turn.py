"""One turn as the handlers see it: what was said, what was linked, what is remembered. No Rasa types past here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

FORM_NAME = "find_support_form"
ELLIPTICAL_WORDS = 7


@dataclass(frozen=True)
class Turn:
    """A user's turn. `confidence` is the probability that the intent is right; `ranking` holds (label, evidence), best first, which
    context weighs; `entities` are the linker's; `fact` is the intent that
    the words ask of the organisation named, its name left out."""

    text: str
    intent: str
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    parts: tuple[Mapping[str, Any], ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    in_form: bool = False
    fact: str | None = None

    @classmethod
    def from_tracker(cls, tracker: Any) -> "Turn":
        """Return the turn of a `rasa_sdk` tracker's latest message."""
        message = tracker.latest_message or {}
        intent = message.get("intent") or {}
        return cls(
            text=message.get("text") or "",
            intent=intent.get("name") or "",
            confidence=intent.get("confidence") or 0.0,
            ranking=tuple((label, score) for label, score in message.get("ranking") or ()),
            parts=tuple(message.get("parts") or ()),
            entities=tuple(message.get("entities") or ()),
            slots=dict(tracker.slots),
            fact=message.get("fact"),
            # While the form is being activated nothing has been asked yet: this turn is its first.
            in_form=(tracker.active_loop or {}).get("name") == FORM_NAME and tracker.slots.get("requested_slot") is not None,
        )

    @property
    def evidence(self) -> float:
        """The evidence for the first label (0..1), on the scale of `ranking`."""
        return self.ranking[0][1] if self.ranking else self.confidence

    def values(self, name: str) -> list[Any]:
        """Return the values of the entities called `name`, in order; empty when none."""
        return [e["value"] for e in self.entities if e.get("entity") == name]

    def first(self, name: str) -> Any:
        """Return the first value of the entities called `name`, or None."""
        return next(iter(self.values(name)), None)

    def entity(self, name: str) -> Mapping[str, Any] | None:
        """Return the first entity called `name` whole, or None."""
        return next((e for e in self.entities if e.get("entity") == name), None)

    def slot(self, name: str) -> Any:
        """Return what is remembered under `name`, or None."""
        return self.slots.get(name)

    @property
    def place(self) -> list[str]:
        """The territory codes of the project; empty when they are not known, or the person does not say."""
        held = self.slot("place")
        return list(held) if isinstance(held, list | tuple) else []

    def with_slots(self, changes: Mapping[str, Any]) -> "Turn":
        """Return this turn with `changes` remembered."""
        return replace(self, slots={**self.slots, **changes})

    @property
    def label(self) -> str:
        """The best label of the ranking, with its part after the slash; the intent when there is no ranking."""
        if self.ranking and self.ranking[0][0].split("/")[0] == self.intent:
            return self.ranking[0][0]
        return self.intent

    @property
    def named_actors(self) -> list[str]:
        """Slugs of the organisations named, directly or by one of their services, without repeats."""
        named = [e["value"] if e["entity"] == "actor" else e["actor"] for e in self.entities if e.get("entity") in ("actor", "service")]
        return list(dict.fromkeys(named))

    @property
    def spoken_of(self) -> str | None:
        """The slug of the organisation that the message is about: named now, else the last one."""
        return next(iter(self.named_actors), None) or self.slot("last_actor")

    @property
    def to_reach(self) -> str | None:
        """The slug of the organisation to reach: the one spoken of, else the door of the last answer, else the last one named."""
        return self.spoken_of or self.slot("last_door") or next(iter(self.slot("recent_actors") or ()), None)

    @property
    def is_pressed(self) -> bool:
        """Whether the person pressed a button: its payload needs no interpretation."""
        return self.text.startswith("/")

    @property
    def is_elliptical(self) -> bool:
        """Whether the message is short enough to lean on what was said before."""
        return len(self.text.split()) <= ELLIPTICAL_WORDS
