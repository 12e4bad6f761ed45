"""The rules that the fake applies, each with the page of Meta that says it; every refusal quotes the id of one of them."""

from dataclasses import dataclass
from datetime import date

_BASE = "https://developers.facebook.com/documentation/business-messaging/messenger-platform"
_OLD = "https://developers.facebook.com/docs/messenger-platform"
_GRAPH = "https://developers.facebook.com/docs/graph-api"


@dataclass(frozen=True)
class Rule:
    """One rule. `assumed` when no page of Meta was read that says it, or when the fake is stricter than the page."""

    id: str
    says: str
    url: str
    page_date: date | None = None
    limit: int | None = None
    assumed: bool = False


_SEND = f"{_OLD}/reference/send-api"
_QUICK = f"{_BASE}/send-messages/quick-replies"
_BUTTON = f"{_BASE}/send-messages/template/button"
_BUTTONS = f"{_BASE}/send-messages/buttons"
_POSTBACK = f"{_BASE}/send-messages/buttons/postback"
_GENERIC = f"{_BASE}/send-messages/template/generic"
_ACTIONS = f"{_BASE}/send-messages/sender-actions"
_MENU = f"{_BASE}/send-messages/persistent-menu"
_PROFILE = f"{_OLD}/reference/messenger-profile-api"
_ICE = f"{_BASE}/reference/messenger-profile-api/ice-breakers"
_ERRORS = f"{_BASE}/error-codes"
_ROUTING = f"{_BASE}/conversation-routing"
_WINDOW = f"{_BASE}/send-messages"
_VERSIONS = f"{_GRAPH}/changelog/versions"
_SECURING = f"{_GRAPH}/guides/secure-requests"
_SPRING = date(2026, 4, 22)

_ALL = (
    Rule("F11.count", "at most 13 quick replies, and at least one when the list is there", _QUICK, _SPRING, 13),
    Rule(
        "F11.content_type",
        "content_type is text: Meta has others, refused here",
        _QUICK,
        _SPRING,
        assumed=True,
    ),
    Rule(
        "F11.title",
        "a quick reply has a title of 1 to 20 characters: Meta may cut instead",
        _QUICK,
        _SPRING,
        20,
        True,
    ),
    Rule("F11.payload", "a quick reply has a payload of 1 to 1,000 characters", _QUICK, _SPRING, 1000),
    Rule("F11.image", "image_url of a quick reply is an http or https address", _QUICK, _SPRING, assumed=True),
    Rule("F12.text", "the text of a button template has 1 to 640 characters (UTF-16 units)", _BUTTON, _SPRING, 640),
    Rule("F12.count", "a button template has 1 to 3 buttons", _BUTTON, _SPRING, 3),
    Rule("F12.type", "a button is web_url, postback or phone_number: Meta has others, refused here", _BUTTONS, _SPRING, assumed=True),
    Rule("F12.title", "the title of a postback button has 1 to 20 characters", _POSTBACK, date(2026, 6, 17), 20),
    Rule("F12.title_other", "the title of a web_url or phone_number button has 1 to 20 characters", _BUTTONS, _SPRING, 20, True),
    Rule("F12.payload", "the payload of a postback button has 1 to 1,000 characters", _POSTBACK, date(2026, 6, 17), 1000),
    Rule("F12.url", "the url of a web_url button is an http or https address", _BUTTONS, _SPRING, assumed=True),
    Rule(
        "F12.phone", "the payload of a phone_number button is + and the country code, area code and number", _BUTTONS, _SPRING, assumed=True
    ),
    Rule("F12.keys", "a button has no other property than the documented ones", _BUTTONS, _SPRING, assumed=True),
    Rule("F13.count", "a generic template has 1 to 10 elements", _GENERIC, _SPRING, 10),
    Rule("F13.title", "the title of an element has 1 to 80 characters", _GENERIC, _SPRING, 80),
    Rule("F13.subtitle", "the subtitle of an element has at most 80 characters", _GENERIC, _SPRING, 80),
    Rule("F13.more", "an element has at least one property besides its title", _GENERIC, _SPRING),
    Rule("F13.buttons", "an element has at most 3 buttons", _GENERIC, _SPRING, 3),
    Rule("F13.image", "image_url of an element is an http or https address", _GENERIC, _SPRING),
    Rule("F13.default_action", "default_action is a web_url button without a title", _GENERIC, _SPRING),
    Rule("F13.keys", "an element has no other property than the documented ones", _GENERIC, _SPRING, assumed=True),
    Rule("F14.empty", "a text is not empty, blanks aside", _SEND, assumed=True),
    Rule("F14.length", "a text has at most 2,000 characters, in code points and in UTF-16 units", _SEND, None, 2000, True),
    Rule("F15.messaging_type", "messaging_type is RESPONSE, UPDATE, MESSAGE_TAG or UTILITY, with a message", _SEND),
    Rule("F15.tag", "a tag goes with MESSAGE_TAG, and MESSAGE_TAG with a tag", _SEND),
    Rule("F15.recipient", "recipient has an id, a non-empty string", _SEND),
    Rule("F15.keys", "the request and its message have no other property than the documented ones", _SEND, assumed=True),
    Rule("F15.content", "a message has a text or an attachment, and not both", _SEND),
    Rule(
        "F15.attachment",
        "an attachment is a button or generic template, or a file with an address",
        _SEND,
        assumed=True,
    ),
    Rule("F15.person", "the person wrote to the Page: no matching user (100/2018001)", _ERRORS, date(2026, 3, 18), assumed=True),
    Rule(
        "F16.window",
        "24 hours from the person's last message or postback (10/2018278)",
        _WINDOW,
        date(2026, 5, 5),
        24 * 3600,
    ),
    Rule(
        "F16.tag",
        "no tag and no utility template is approved here",
        _WINDOW,
        assumed=True,
    ),
    Rule("F16.actions", "the window holds for sender actions also", _ACTIONS, date(2026, 1, 21), assumed=True),
    Rule("F18.xor", "a request has a sender_action or a message, and not both", _ACTIONS, date(2026, 1, 21)),
    Rule(
        "F18.enum",
        "sender_action is mark_seen, typing_on or typing_off: Meta also has react, refused here",
        _ACTIONS,
        date(2026, 1, 21),
        assumed=True,
    ),
    Rule("F18.alone", "a sender action goes with the recipient alone", _ACTIONS, date(2026, 1, 21)),
    Rule("F19.get_started", "a persistent menu needs a Get Started button, set or in the same request (100/2018145)", _MENU, _SPRING),
    Rule("F19.payload", "get_started has a payload of 1 to 1,000 characters", f"{_PROFILE}/get-started-button", None, 1000, assumed=True),
    Rule("F19.locale", "one menu has the locale default, and no locale comes twice", _MENU, _SPRING),
    Rule("F19.count", "a menu has 1 to 20 items", _MENU, _SPRING, 20),
    Rule("F19.title", "the title of a menu item has 1 to 30 characters", _MENU, None, 30, True),
    Rule("F19.item", "a menu item is a valid postback or web_url: no nesting", _MENU, _SPRING),
    Rule(
        "F19.greeting",
        "a greeting has 1 to 160 characters, and one has the locale default",
        f"{_PROFILE}/greeting",
        None,
        160,
        assumed=True,
    ),
    Rule("F19.keys", "a profile has at least one property, all known to the fake", _PROFILE, assumed=True),
    Rule("F20.count", "1 to 4 ice breakers a locale", _ICE, date(2024, 6, 26), 4),
    Rule(
        "F20.locale",
        "one set of ice breakers has the locale default, and no locale comes twice: the older flat list is refused",
        _ICE,
        date(2024, 6, 26),
    ),
    Rule("F20.question", "a question of an ice breaker has 1 to 80 characters", _ICE, None, 80, True),
    Rule("F20.payload", "the payload of an ice breaker has 1 to 1,000 characters", _ICE, None, 1000, True),
    Rule("F21.owner", "an app does not write in a thread that another app owns (10/2018300)", _ROUTING, date(2025, 9, 24), assumed=True),
    Rule("F21.target", "pass_thread_control names target_app_id", f"{_OLD}/handover-protocol/conversation-control", assumed=True),
    Rule("F24.version", "the address names a version that exists", _VERSIONS, date(2026, 7, 29)),
    Rule(
        "F24.ended",
        "a version past its end answers 2635: Meta may serve the next",
        _VERSIONS,
        date(2026, 7, 29),
        assumed=True,
    ),
    Rule("F25.token", "the token is the Page's (190)", _ERRORS, date(2026, 3, 18)),
    Rule("F25.unavailable", "the person can be reached (551), or allows messages (230)", _ERRORS, date(2026, 3, 18)),
    Rule("F25.path", "the address is one that the fake knows", f"{_GRAPH}/overview", assumed=True),
    Rule("F25.json", "the body is a JSON object, said to be application/json: Meta also takes forms", f"{_GRAPH}/overview", assumed=True),
    Rule("F26.url", "no token in an address or a body: Meta's samples do it", _SECURING, assumed=True),
    Rule("F26.bearer", "the token comes as Authorization: Bearer", _SECURING, assumed=True),
    Rule(
        "F26.proof",
        "appsecret_proof is the HMAC-SHA256 of the token: required here",
        _SECURING,
        assumed=True,
    ),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}

# From the table of versions read in German on the page that knows v26.0; None where the end is to be set.
VERSIONS: dict[str, date | None] = {
    "v2.12": date(2020, 5, 5),
    "v3.3": date(2021, 8, 3),
    "v4.0": date(2021, 11, 2),
    "v5.0": date(2022, 2, 3),
    "v6.0": date(2022, 5, 5),
    "v7.0": date(2022, 8, 4),
    "v8.0": date(2022, 11, 1),
    "v9.0": date(2023, 2, 23),
    "v10.0": date(2023, 6, 8),
    "v11.0": date(2023, 9, 14),
    "v12.0": date(2024, 2, 8),
    "v13.0": date(2024, 5, 28),
    "v14.0": date(2024, 9, 17),
    "v15.0": date(2024, 11, 20),
    "v16.0": date(2025, 5, 14),
    "v17.0": date(2025, 9, 12),
    "v18.0": date(2026, 1, 26),
    "v19.0": date(2026, 5, 21),
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}


def rule(rule_id: str) -> Rule:
    """Return the rule of that id.

    Raises:
        KeyError: the table has no such rule.
    """
    return RULES[rule_id]


def assumed_rules() -> list[Rule]:
    """Return the rules that no page of Meta was seen to state, in the order of the table."""
    return [each for each in _ALL if each.assumed]
