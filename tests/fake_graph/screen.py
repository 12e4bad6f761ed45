"""What one person sees on the phone, and what that person does with it."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from fake_graph.events import attachments, new_mid

if TYPE_CHECKING:
    from fake_graph.server import FakeGraph

Button = tuple[str, str, str]


@dataclass(frozen=True)
class Card:
    """An element of a generic template; a button is (title, kind, value)."""

    title: str
    subtitle: str
    buttons: list[Button] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A bubble. A quick reply is (title, payload), a button (title, kind, value); what is not text is told as « [image] »."""

    at: datetime
    by: Literal["page", "person", "human"]
    text: str
    mid: str
    quick_replies: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)

    def buttons_of(self, card: int | None = None) -> list[Button]:
        """Return every button of the bubble, those of its cards too, or those of one card, by its place from 0."""
        if card is None:
            return [*self.buttons, *(button for each in self.cards for button in each.buttons)]
        return self.cards[card].buttons if card < len(self.cards) else []


class Person:
    """Someone who talks with the Page; made by `FakeGraph.person`."""

    def __init__(self, graph: "FakeGraph", psid: str) -> None:
        """Open a thread that belongs to our app, with an empty screen."""
        self._graph, self.psid = graph, psid
        self.screen: list[Shown] = []
        self.seen = self.typing = False
        self.refuses: int | None = None
        self.owner: str | None = graph.page.app_id
        self.last_spoke: datetime | None = None
        self.lock = threading.RLock()

    @property
    def quick_replies(self) -> list[tuple[str, str]]:
        """What can be tapped now: they go with the newest bubble only."""
        with self.lock:
            newest = self.screen[-1] if self.screen else None
            return list(newest.quick_replies) if newest and newest.by == "page" else []

    def texts_since(self, n: int) -> list[str]:
        """Return the texts of what the Page's app sent, from bubble `n` of the screen on; a template tells its text or its titles."""
        with self.lock:
            return [bubble.text for bubble in self.screen[n:] if bubble.by == "page"]

    def show(self, bubble: Shown) -> None:
        """Add a bubble; a message of the Page ends the typing."""
        with self.lock:
            self.screen.append(bubble)
            if bubble.by == "page":
                self.typing = False

    def says(self, text: str) -> str:
        """Write `text`; return its mid."""
        return self._send({"text": text}, text)

    def sends(self, kind: str) -> str:
        """Send something else than a text: one of `events.KINDS`."""
        message: dict[str, Any] = {"attachments": attachments(kind)}
        if kind in ("fallback", "link"):
            message["text"] = "https://example.org/"
        return self._send(message, f"[{kind}]")

    def taps(self, title: str, *, mid: str | None = None, card: int | None = None) -> str | None:
        """Tap a quick reply of the newest bubble, else the newest button of that title; return the mid, None for a link or a call.

        `mid` says of which bubble the button is, `card` at which place its card is, from 0: cards often have the same titles.

        Raises:
            LookupError: nothing of that title can be tapped.
        """
        if mid is None and card is None:
            for told, payload in self.quick_replies:
                if told == title:
                    return self._send({"text": title, "quick_reply": {"payload": payload}}, title)
        kind, value = self._find_button(title, mid, card)
        return self._post_back(title, value) if kind == "postback" else None

    def gets_started(self, ref: str | None = None) -> str:
        """Tap Get Started, with the referral of an m.me link when `ref` is given.

        Raises:
            LookupError: the profile has no such button.
        """
        button = self._graph.profile.get("get_started")
        if not button:
            raise LookupError("the profile has no Get Started button")
        referral = {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"} if ref else None
        return self._post_back("Démarrer", button["payload"], referral)

    def asks_ice_breaker(self, title: str) -> str:
        """Tap a question of the profile, of the locale default.

        Raises:
            LookupError: the profile has no such question.
        """
        found = {call["question"]: call["payload"] for call in self._graph.profile_calls("ice_breakers")}
        return self._post_back(title, _pick(found, title))

    def chooses_menu(self, title: str) -> str | None:
        """Choose an item of the persistent menu, of the locale default; None for a link.

        Raises:
            LookupError: the menu has no such item.
        """
        item = _pick({call["title"]: call for call in self._graph.profile_calls("persistent_menu")}, title)
        return self._post_back(title, item["payload"]) if item["type"] == "postback" else None

    def reacts(self, emoji: str = "❤") -> str:
        """React to the newest bubble of the Page; return the mid of that bubble."""
        mid = self._newest_mid()
        self._emit("message_reactions", {"reaction": {"reaction": "love", "emoji": emoji, "action": "react", "mid": mid}})
        return mid

    def reads(self) -> None:
        """Read everything up to now."""
        self._emit("message_reads", {"read": {"watermark": self._graph.now_ms()}})

    def edits(self, text: str) -> str:
        """Change the text of the person's last message; return its mid."""
        with self.lock:
            mid = next((bubble.mid for bubble in reversed(self.screen) if bubble.by == "person"), new_mid())
        self._emit("message_edits", {"message_edit": {"mid": mid, "text": text, "num_edit": 1}})
        return mid

    def refers(self, ref: str) -> None:
        """Come back by an m.me link."""
        self._emit("messaging_referrals", {"referral": {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}})

    def opts_in(self) -> None:
        """Tap a checkbox of a site."""
        self._emit("messaging_optins", {"optin": {"ref": "essai", "user_ref": "ref-" + self.psid}})

    def _send(self, message: dict[str, Any], told: str) -> str:
        mid = new_mid()
        self._speak(Shown(self._graph.now(), "person", told, mid))
        self._emit("messages", {"message": {"mid": mid, **message}})
        return mid

    def _post_back(self, title: str, payload: str, referral: dict[str, Any] | None = None) -> str:
        mid = new_mid()
        self._speak(Shown(self._graph.now(), "person", title, mid))
        postback: dict[str, Any] = {"mid": mid, "title": title}
        ours = self._graph.own_postbacks_reach_us or not self._graph.in_standby(self)
        if ours:
            postback["payload"] = payload
        if referral:
            postback["referral"] = referral
        self._graph.emit(self, "messaging_postbacks", {"postback": postback}, to_owner=not self._graph.own_postbacks_reach_us)
        return mid

    def _speak(self, bubble: Shown) -> None:
        with self.lock:
            self.last_spoke = bubble.at
            self.seen = False
            self._graph.wake(self)
            self.screen.append(bubble)

    def _emit(self, name: str, told: dict[str, Any]) -> None:
        self._graph.emit(self, name, told)

    def _newest_mid(self) -> str:
        with self.lock:
            return next((bubble.mid for bubble in reversed(self.screen) if bubble.by != "person"), new_mid())

    def _find_button(self, title: str, mid: str | None, card: int | None) -> tuple[str, str]:
        with self.lock:
            offered = [told for told, _ in self.quick_replies]
            for bubble in reversed(self.screen):
                for told, kind, value in bubble.buttons_of(card) if mid in (None, bubble.mid) else []:
                    offered.append(told)
                    if told == title:
                        return kind, value
        raise LookupError(f"nothing to tap says {title!r}; there is {offered}")


def bubble_of(message: dict[str, Any], at: datetime, mid: str) -> Shown:
    """Return what the person sees of an accepted message of the Page."""
    replies = [(reply["title"], reply["payload"]) for reply in message.get("quick_replies", [])]
    if "text" in message:
        return Shown(at, "page", message["text"], mid, replies)
    payload = message["attachment"]["payload"]
    if payload.get("template_type") == "button":
        return Shown(at, "page", payload["text"], mid, replies, _buttons(payload))
    if payload.get("template_type") == "generic":
        cards = [Card(each["title"], each.get("subtitle", ""), _buttons(each)) for each in payload["elements"]]
        return Shown(at, "page", "\n".join(card.title for card in cards), mid, replies, cards=cards)
    return Shown(at, "page", f"[{message['attachment']['type']}]", mid, replies)


def _buttons(holder: dict[str, Any]) -> list[Button]:
    values = {"web_url": "url"}
    return [(each["title"], each["type"], each[values.get(each["type"], "payload")]) for each in holder.get("buttons", [])]


def _pick(found: dict[str, Any], title: str) -> Any:
    if title not in found:
        raise LookupError(f"nothing says {title!r}; there is {list(found)}")
    return found[title]
