"""A neutral reply as Messenger's messages, within the limits of the Send API; nothing that could be chosen disappears.

Sources: developers.facebook.com/documentation/business-messaging/messenger-platform, send-messages/quick-replies, template/button,
template/generic (pages of 2026-04-22). What these pages leave open is taken strictly: lengths in UTF-16 units, titles of buttons of
20 like those of quick replies.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.messenger.splitting import MAX_TEXT, cut, length, split, tidy

MAX_QUICK_REPLIES = 13
MAX_TITLE = 20
MAX_BUTTONS = 3
MAX_BUTTON_TEXT = 640
MAX_ELEMENTS = 10
MAX_ELEMENT_TITLE = 80
MAX_URL = 1_000
# Before a button's own id, so that what is ours is told from what is not.
CHOICE = "choix:"
# What is offered most, in words that fit a button whole.
_SHORTER = {
    "Trouver du financement": "Du financement",
    "Parler à une personne": "Parler à quelqu’un",
    "Effacer ma conversation": "Tout effacer",
    "J’aime mieux ne pas le dire": "Ne pas le dire",
    "Voir d’autres organismes": "D’autres organismes",
    "Voir d’autres prêteurs": "D’autres prêteurs",
    "Trouver une autre porte": "Une autre porte",
    "De l’aide pour le conseil": "Aide pour le conseil",
}
_NEXT = "Et ensuite\u00a0:"
_CHOOSE = "Choisissez, ou écrivez le numéro\u00a0:"
_ARTICLE = re.compile(r"(?:L[ea]s? |L’|Une? |Des )(?=[a-zà-ÿ])")
_PHONE = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]?([2-9]\d\d)[ .-]?(\d{4})(?!\d)")
Message = dict[str, Any]


def rendered(content: Mapping[str, Any]) -> list[Message]:
    """Return the messages of a reply (`text`, `buttons` of an id and a title, `cards`), in the order in which they are sent; never none.

    Three buttons at most are those of a template, which stays; more are quick replies, which some screens do not show, and a list in
    the text, whose numbers may be typed (`is_numbered`).
    """
    cards, buttons = content["cards"], content["buttons"]
    before = [{"text": part} for part in split(content["text"])] if cards or not buttons else []
    shown = [{"text": part} for card in cards for part in split(_told(card))]
    asked = _asked(content["text"] if not cards else "", buttons) if buttons else []
    return [*before, *shown, *_carousel(cards), *asked] or [{"text": "…"}]


def is_numbered(buttons: Sequence[Mapping[str, str]]) -> bool:
    """These buttons are listed in the text, by number."""
    return len(buttons) > MAX_BUTTONS or any(length(_label(button)) > MAX_TITLE for button in buttons)


def _label(button: Mapping[str, str]) -> str:
    title = tidy(button["title"])
    return _SHORTER.get(title, title)


def plain(message: Message) -> list[Message]:
    """Return a message without anything but text, for when it was refused: its words, its choices by their titles, its links."""
    attached = message.get("attachment", {}).get("payload", {})
    lines = [message.get("text") or attached.get("text") or ""]
    for element in attached.get("elements", ()):
        subtitle = [element["subtitle"]] if element.get("subtitle") else []
        lines += ["", element["title"], *subtitle, *(_spelt(button) for button in element.get("buttons", ()))]
    lines += [_spelt(button) for button in (*attached.get("buttons", ()), *message.get("quick_replies", ()))]
    return [{"text": part} for part in split("\n".join(lines))]


def _spelt(button: Mapping[str, str]) -> str:
    if button.get("type") == "web_url":
        return button["url"]
    if button.get("type") == "phone_number":
        return button["payload"]
    return f"• {button['title']}"


def _asked(text: str, buttons: Sequence[Mapping[str, str]]) -> list[Message]:
    """Return the messages of a text with buttons; the last one holds them."""
    numbered = is_numbered(buttons)
    if numbered:
        lead = tidy(text) or _CHOOSE
        listed = [f"{number}. {tidy(button['title'])}" for number, button in enumerate(buttons, start=1)]
        text = "\n".join([lead, "", *listed])
    if len(buttons) > MAX_BUTTONS:
        *first, last = split(text)
        return [*({"text": part} for part in first), {"text": last, "quick_replies": _quick_replies(buttons)}]
    *first, last = _with_room(tidy(text) or _NEXT)
    template = {"template_type": "button", "text": last, "buttons": _postbacks(buttons)}
    return [*({"text": part} for part in first), {"attachment": {"type": "template", "payload": template}}]


def _with_room(text: str) -> list[str]:
    """Return the parts of a text, the last of which a button template takes."""
    parts = split(text, MAX_TEXT)
    return parts if length(parts[-1]) <= MAX_BUTTON_TEXT else [*parts[:-1], *_two(parts[-1])]


def _two(text: str) -> list[str]:
    parts = split(text, MAX_BUTTON_TEXT)
    return ["".join(parts[:-1]), parts[-1]]


def _titles(buttons: Sequence[Mapping[str, str]]) -> list[str]:
    """Return titles that fit, in words as far as they go; two that would be cut alike begin with their numbers in the list."""
    labels, listed = [_brief(_label(button)) for button in buttons], is_numbered(buttons)
    shown = [cut(label, MAX_TITLE) for label in labels]
    return [
        (cut(f"{number}. {label}", MAX_TITLE) if listed and shown.count(title) > 1 else title) or f"{number}."
        for number, (label, title) in enumerate(zip(labels, shown, strict=True), start=1)
    ]


def _brief(label: str) -> str:
    """Return a label that is too long without its article: « Taux de la Fiducie »; that of a proper name stays."""
    found = _ARTICLE.match(label)
    if found is None or length(label) <= MAX_TITLE:
        return label
    rest = label[found.end() :]
    return f"{rest[:1].upper()}{rest[1:]}"


def _postbacks(buttons: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    return [
        {"type": "postback", "title": title, "payload": CHOICE + button["id"]}
        for button, title in zip(buttons, _titles(buttons), strict=True)
    ]


def _quick_replies(buttons: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    shown = buttons[:MAX_QUICK_REPLIES]
    return [
        {"content_type": "text", "title": title, "payload": CHOICE + button["id"]}
        for button, title in zip(shown, _titles(shown), strict=True)
    ]


def _told(card: Mapping[str, Any]) -> str:
    """Return all that a card says, one thing a line."""
    lines = [card.get("name", ""), card.get("does", "")]
    if card.get("why"):
        lines.append(f"Pourquoi\u00a0: {'; '.join(card['why'])}.")
    lines.append(card.get("caution", ""))
    if card.get("first_step"):
        lines.append(f"Premier pas\u00a0: {card['first_step']}")
    lines.append(" · ".join(card[name] for name in ("phone", "email", "website") if card.get(name)))
    if card.get("source"):
        lines.append(f"Source\u00a0: {card['source']}, {card.get('as_of', '')}".rstrip(", "))
    return "\n".join(line for line in lines if line.strip())


def _carousel(cards: Sequence[Mapping[str, Any]]) -> list[Message]:
    """Return the templates by which the organisations that can be reached are called or visited in one gesture."""
    elements = [element for card in cards if (element := _element(card))]
    pages = [elements[start : start + MAX_ELEMENTS] for start in range(0, len(elements), MAX_ELEMENTS)]
    return [{"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": page}}} for page in pages]


def _element(card: Mapping[str, Any]) -> dict[str, Any] | None:
    buttons = [*_site(card.get("website", "")), *_call(card.get("phone", ""))]
    title = cut(card.get("name", ""), MAX_ELEMENT_TITLE)
    if not buttons or not title:
        return None
    subtitle = cut(card.get("does", ""), MAX_ELEMENT_TITLE)
    return {"title": title, **({"subtitle": subtitle} if subtitle else {}), "buttons": buttons}


def _site(website: str) -> list[dict[str, str]]:
    url = website.strip() if re.match(r"https?://", website.strip()) else f"https://{website.strip()}"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return []
    fits = re.fullmatch(r"[\w.-]+\.\w{2,}", host) and not re.search(r"\s", url) and url.isprintable() and length(url) <= MAX_URL
    return [{"type": "web_url", "title": "Voir le site", "url": url}] if fits else []


def _call(phone: str) -> list[dict[str, str]]:
    found = _PHONE.match(phone.replace("\u00a0", " ").strip())
    return [{"type": "phone_number", "title": "Appeler", "payload": f"+1{''.join(found.groups())}"}] if found else []
