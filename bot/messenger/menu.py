"""What the page offers before anything is written and at any time: Get Started, ice breakers, the persistent menu, the greeting.

Source: developers.facebook.com/docs/messenger-platform/reference/messenger-profile-api. Their payloads are ours, and fixed: what they
do is one of the choices that stand at any time (`bot.standing.STANDING`).
"""

from typing import Any

from bot.standing import STANDING

GET_STARTED = "aiguilleur:demarrer"
_FINANCING, _MENTOR, _START = "aiguilleur:financement", "aiguilleur:mentorat", "aiguilleur:projet"
_PERSON, _ERASE, _RESTART, _ABLE = "aiguilleur:personne", "aiguilleur:effacer", "aiguilleur:recommencer", "aiguilleur:quoi"
STANDING_OF = {
    GET_STARTED: "/greet",
    _FINANCING: '/find_support{"need": "financement"}',
    _MENTOR: '/find_support{"need": "mentorat"}',
    _START: '/find_support{"need": "accompagnement"}',
    _PERSON: "/talk_to_human",
    _ERASE: "/erase_data",
    _ABLE: "/capabilities",
}
RESTARTS = {_RESTART: "Recommencer"}
_ICE_BREAKERS = (_FINANCING, _MENTOR, _START, _ABLE)
_MENU = (_FINANCING, _MENTOR, _START, _RESTART, _PERSON, _ERASE)
# At most 160 signs; {{user_first_name}} is left out: the assistant needs nobody's name.
GREETING = (
    "Aiguilleur, un robot, oriente les coopératives et les OBNL vers qui peut les aider au Québec."
    " Vos échanges sont effacés après 90\u00a0jours au plus."
)
LOCALE = "default"


def title_of(payload: str) -> str:
    """Return what is read on the button of a fixed payload."""
    return RESTARTS.get(payload) or STANDING[STANDING_OF[payload]]


def wanted() -> dict[str, Any]:
    """Return the fields of the profile that the page must have, as the Messenger Profile API takes them."""
    questions = [{"question": title_of(payload), "payload": payload} for payload in _ICE_BREAKERS]
    items = [{"type": "postback", "title": title_of(payload), "payload": payload} for payload in _MENU]
    return {
        "get_started": {"payload": GET_STARTED},
        "greeting": [{"locale": LOCALE, "text": GREETING}],
        "ice_breakers": [{"locale": LOCALE, "call_to_actions": questions}],
        "persistent_menu": [{"locale": LOCALE, "composer_input_disabled": False, "call_to_actions": items}],
    }
