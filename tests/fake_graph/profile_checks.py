"""Whether Meta's rules let a Messenger profile through: the greeting, Get Started, the ice breakers and the menu."""

from typing import Any

from fake_graph.buttons import check_button
from fake_graph.refusal import Refusal, is_address, is_text, refuse, size

_KNOWN = {"get_started", "greeting", "ice_breakers", "persistent_menu", "whitelisted_domains", "appsecret_proof"}


def check_profile(body: dict[str, Any], get_started: bool = False) -> Refusal | None:
    """Return why Meta would refuse this body of `/messenger_profile`; `get_started` says that the button is set already."""
    if set(body) - _KNOWN or not set(body) - {"appsecret_proof"}:
        return refuse("F19.keys", ", ".join(sorted(body)))
    if "whitelisted_domains" in body and not _are_domains(body["whitelisted_domains"]):
        return refuse("F19.keys", body["whitelisted_domains"])
    return (
        ("get_started" in body and _check_get_started(body["get_started"]))
        or ("greeting" in body and _check_greeting(body["greeting"]))
        or ("ice_breakers" in body and _check_ice_breakers(body["ice_breakers"]))
        or ("persistent_menu" in body and _check_menus(body["persistent_menu"], get_started or "get_started" in body))
        or None
    )


def without_get_started() -> Refusal:
    """Return the refusal of a menu that has, or would be left with, no Get Started button."""
    return refuse("F19.get_started", subcode=2018145)


def _check_get_started(value: object) -> Refusal | None:
    fits = isinstance(value, dict) and set(value) == {"payload"} and is_text(value["payload"], 1000)
    return None if fits else refuse("F19.payload", value)


def _check_greeting(value: object) -> Refusal | None:
    if not _have_default(value):
        return refuse("F19.greeting", value)
    for greeting in value:
        if set(greeting) != {"locale", "text"} or not is_text(greeting["text"], 160):
            return refuse("F19.greeting", greeting)
    return None


def _check_ice_breakers(value: object) -> Refusal | None:
    if not _have_default(value):
        return refuse("F20.locale", value)
    for group in value:
        calls = group.get("call_to_actions")
        if not isinstance(calls, list) or not 1 <= len(calls) <= 4 or set(group) != {"locale", "call_to_actions"}:
            return refuse("F20.count", size(calls))
        for call in calls:
            if not isinstance(call, dict) or set(call) != {"question", "payload"} or not is_text(call["question"], 80):
                return refuse("F20.question", call)
            if not is_text(call["payload"], 1000):
                return refuse("F20.payload", size(call["payload"]))
    return None


def _check_menus(value: object, get_started: bool) -> Refusal | None:
    if not get_started:
        return without_get_started()
    if not _have_default(value):
        return refuse("F19.locale", value)
    for menu in value:
        if set(menu) - {"locale", "composer_input_disabled", "disabled_surfaces", "call_to_actions"}:
            return refuse("F19.keys", ", ".join(sorted(menu)))
        found = _check_items(menu.get("call_to_actions"), bool(menu.get("composer_input_disabled")))
        if found:
            return found
    return None


def _check_items(items: object, composer_disabled: bool) -> Refusal | None:
    if items is None and composer_disabled:
        items = []
    elif not isinstance(items, list) or not 1 <= len(items) <= 20:
        return refuse("F19.count", size(items))
    for item in items:
        if not isinstance(item, dict) or item.get("type") not in ("postback", "web_url"):
            return refuse("F19.item", item)
        found = check_button(item, ("F19.title", 30))
        if found:
            return found if found.rule == "F19.title" else refuse("F19.item", item)
    return None


def _have_default(value: object) -> bool:
    """Say whether `value` is a list of objects of which each has its own locale, and one the locale default."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return False
    locales = [each.get("locale") for each in value]
    return "default" in locales and len(set(map(str, locales))) == len(locales) and all(isinstance(each, str) for each in locales)


def _are_domains(value: object) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= 50 and all(is_address(each) for each in value)
