"""Whether a button may be in a template or in the menu."""

import re
from typing import Any

from fake_graph.refusal import Refusal, is_address, is_text, refuse, size

BUTTON_KEYS = {
    "postback": {"type", "title", "payload"},
    "phone_number": {"type", "title", "payload"},
    "web_url": {"type", "title", "url", "webview_height_ratio", "messenger_extensions", "fallback_url", "webview_share_button"},
}
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")


def check_button(button: object, title: tuple[str, int] | None = None) -> Refusal | None:
    """Return why a button is refused; `title` is the rule and the limit of its title where they are not those of a template."""
    kind = str(button.get("type")) if isinstance(button, dict) else ""
    if not isinstance(button, dict) or kind not in BUTTON_KEYS:
        return refuse("F12.type", button)
    if set(button) - BUTTON_KEYS[kind]:
        return refuse("F12.keys", ", ".join(sorted(button)))
    rule_id, limit = title or ("F12.title" if kind == "postback" else "F12.title_other", 20)
    if not is_text(button.get("title"), limit):
        return refuse(rule_id, size(button.get("title")))
    return _check_target(kind, button)


def _check_target(kind: str, button: dict[str, Any]) -> Refusal | None:
    if kind == "postback":
        return None if is_text(button.get("payload"), 1000) else refuse("F12.payload", size(button.get("payload")))
    if kind == "web_url":
        return None if is_address(button.get("url")) else refuse("F12.url", button.get("url"))
    payload = button.get("payload")
    return None if isinstance(payload, str) and _PHONE.fullmatch(payload) else refuse("F12.phone", payload)
