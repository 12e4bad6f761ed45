"""Whether Meta's rules let a message through: pure, in the order of the rules, and the first breach is the answer."""

from typing import Any

from fake_graph.buttons import BUTTON_KEYS, check_button
from fake_graph.profile_checks import check_profile
from fake_graph.refusal import Refusal, first, is_address, is_text, refuse, size, units
from fake_graph.rules import RULES

__all__ = ["check_profile", "check_send"]

_TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")
_ACTIONS = ("mark_seen", "typing_on", "typing_off")
_TOP = {"recipient", "messaging_type", "message", "sender_action", "notification_type", "tag", "persona_id", "appsecret_proof"}
_MESSAGE = {"text", "attachment", "quick_replies", "metadata"}
_QUICK = {"content_type", "title", "payload", "image_url"}
_ELEMENT = {"title", "subtitle", "image_url", "default_action", "buttons"}
_MEDIA = ("image", "audio", "video", "file")


def check_send(body: dict[str, Any]) -> Refusal | None:
    """Return why Meta would refuse this body of `/messages` for its form; None when every limit is kept."""
    unknown = set(body) - _TOP
    if unknown:
        return refuse("F15.keys", ", ".join(sorted(unknown)))
    recipient = body.get("recipient")
    if not isinstance(recipient, dict) or set(recipient) != {"id"} or not isinstance(recipient["id"], str) or not recipient["id"]:
        return refuse("F15.recipient", recipient)
    if ("sender_action" in body) == ("message" in body):
        return refuse("F18.xor", ", ".join(sorted(body)))
    return _check_action(body) if "sender_action" in body else _check_message_body(body)


def _check_action(body: dict[str, Any]) -> Refusal | None:
    if body["sender_action"] not in _ACTIONS:
        return refuse("F18.enum", body["sender_action"])
    others = set(body) - {"recipient", "sender_action", "appsecret_proof", "messaging_type", "persona_id"}
    return refuse("F18.alone", ", ".join(sorted(others))) if others else None


def _check_message_body(body: dict[str, Any]) -> Refusal | None:
    if body.get("messaging_type") not in _TYPES:
        return refuse("F15.messaging_type", body.get("messaging_type"))
    if ("tag" in body) != (body["messaging_type"] == "MESSAGE_TAG"):
        return refuse("F15.tag", body.get("tag"))
    message = body["message"]
    if not isinstance(message, dict) or ("text" in message) == ("attachment" in message):
        return refuse("F15.content", message)
    if set(message) - _MESSAGE:
        return refuse("F15.keys", ", ".join(sorted(set(message) - _MESSAGE)))
    found = _check_text(message["text"]) if "text" in message else _check_attachment(message["attachment"])
    if found or "quick_replies" not in message:
        return found
    return _check_quick_replies(message["quick_replies"])


def _check_text(text: object) -> Refusal | None:
    if not isinstance(text, str) or not text.strip():
        return refuse("F14.empty", size(text))
    longest = max(len(text), units(text))
    return refuse("F14.length", f"{longest} UTF-16 units") if longest > (RULES["F14.length"].limit or 0) else None


def _check_quick_replies(replies: object) -> Refusal | None:
    if not isinstance(replies, list) or not 1 <= len(replies) <= 13:
        return refuse("F11.count", size(replies))
    return first(_check_quick_reply(reply) for reply in replies)


def _check_quick_reply(reply: object) -> Refusal | None:
    if not isinstance(reply, dict) or reply.get("content_type") != "text" or set(reply) - _QUICK:
        return refuse("F11.content_type", reply)
    if not is_text(reply.get("title"), 20):
        return refuse("F11.title", size(reply.get("title")))
    if not is_text(reply.get("payload"), 1000):
        return refuse("F11.payload", size(reply.get("payload")))
    if "image_url" in reply and not is_address(reply["image_url"]):
        return refuse("F11.image", reply["image_url"])
    return None


def _check_attachment(attachment: object) -> Refusal | None:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        return refuse("F15.attachment", attachment)
    payload = attachment["payload"]
    if attachment.get("type") in _MEDIA:
        fits = is_address(payload.get("url")) or bool(payload.get("attachment_id"))
        return None if fits else refuse("F15.attachment", payload)
    if attachment.get("type") == "template" and payload.get("template_type") == "button":
        return _check_button_template(payload)
    if attachment.get("type") == "template" and payload.get("template_type") == "generic":
        return _check_generic_template(payload)
    return refuse("F15.attachment", attachment)


def _check_button_template(payload: dict[str, Any]) -> Refusal | None:
    if set(payload) - {"template_type", "text", "buttons", "sharable"}:
        return refuse("F12.keys", ", ".join(sorted(payload)))
    if not is_text(payload.get("text"), 640):
        return refuse("F12.text", size(payload.get("text")))
    buttons = payload.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        return refuse("F12.count", size(buttons))
    return first(check_button(button) for button in buttons)


def _check_generic_template(payload: dict[str, Any]) -> Refusal | None:
    if set(payload) - {"template_type", "elements", "sharable"}:
        return refuse("F13.keys", ", ".join(sorted(payload)))
    elements = payload.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        return refuse("F13.count", size(elements))
    return first(_check_element(element) for element in elements)


def _check_element(element: object) -> Refusal | None:
    if not isinstance(element, dict) or set(element) - _ELEMENT:
        return refuse("F13.keys", element)
    if not is_text(element.get("title"), 80):
        return refuse("F13.title", size(element.get("title")))
    if not any(element.get(name) for name in _ELEMENT - {"title"}):
        return refuse("F13.more", ", ".join(sorted(element)))
    if "subtitle" in element and not is_text(element["subtitle"], 80):
        return refuse("F13.subtitle", size(element["subtitle"]))
    if "image_url" in element and not is_address(element["image_url"]):
        return refuse("F13.image", element["image_url"])
    return _check_default_action(element) or _check_element_buttons(element)


def _check_default_action(element: dict[str, Any]) -> Refusal | None:
    action = element.get("default_action")
    if "default_action" not in element:
        return None
    fits = isinstance(action, dict) and action.get("type") == "web_url" and "title" not in action and is_address(action.get("url"))
    return None if fits and not set(action) - BUTTON_KEYS["web_url"] else refuse("F13.default_action", action)


def _check_element_buttons(element: dict[str, Any]) -> Refusal | None:
    if "buttons" not in element:
        return None
    buttons = element["buttons"]
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        return refuse("F13.buttons", size(buttons))
    return first(check_button(button) for button in buttons)
