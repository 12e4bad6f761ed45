"""A conversation between two turns, as a channel keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

from rasa.shared.core.events import Event

from bot.tracker_store import restored, saved
from directory.text import fold

# Older buttons that still act, where their channel leaves them on the screen.
MAX_EARLIER = 40
# Pressed after another question, they would answer that one.
_OF_THEIR_QUESTION = ("/affirm", "/deny", "/dont_know", "/refuse_to_say")


@dataclass(frozen=True)
class State:
    """A conversation between two turns: the events of its tracker, the buttons of the last answer by their folded titles, whether anything
    was said, the slots that it begins with, which starting over gives back, the payloads of `earlier` buttons, the reply that asks what is
    still `open`, and whether danger is what is spoken of."""

    events: tuple[Event, ...] = ()
    issued: Mapping[str, str] = field(default_factory=dict)
    begun: bool = False
    context: Mapping[str, Any] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    open: Mapping[str, Any] | None = None
    distressed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the state ready for JSON."""
        return {**vars(self), "events": saved(self.events)}

    @classmethod
    def from_json(cls, held: Mapping[str, Any] | None) -> "State":
        """Return the state that `as_json` gave; the first one when there is none."""
        if not held:
            return cls()
        known = {each.name: held[each.name] for each in fields(cls) if each.name in held}
        return cls(**{**known, "events": tuple(restored(held["events"])), "earlier": tuple(held.get("earlier", ()))})

    def may_press(self, payload: str) -> bool:
        """The button of this payload was issued here, and still means what it did."""
        return payload in self.issued.values() or (payload in self.earlier and not payload.startswith(_OF_THEIR_QUESTION))

    def with_issued(self, replies: Sequence[Mapping[str, Any]]) -> "State":
        """Return the state once the buttons of `replies` are shown, if they have any."""
        if not (issued := issued_in(replies)):
            return self
        # The last ones that were shown, whenever they were first.
        latest = dict.fromkeys(reversed((*self.earlier, *self.issued.values())))
        return replace(self, issued=issued, earlier=tuple(reversed([*latest][:MAX_EARLIER])))


def issued_in(replies: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the payloads of the buttons of `replies`, by their folded title: what a person may press, or type instead."""
    return {fold(b["title"]): b["payload"] for reply in replies for b in reply["buttons"]}
