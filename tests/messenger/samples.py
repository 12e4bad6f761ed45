"""One sample of each event that Meta documents, with what the webhook's rules make of it (F8, F9, F10).

Source: developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events and the pages below it.
"""

import copy
import time
from dataclasses import dataclass
from typing import Any

from fake_graph import Page
from fake_graph.events import new_mid

PAGE = Page.example()
INBOX_APP, OTHER_APP = 263902037430900, 555666777888999
_CDN = "https://scontent.xx.fbcdn.net/v/t1.15752-9/1_n.jpg?oh=1&oe=2"
_MID = "a mid of its own"


@dataclass(frozen=True)
class Sample:
    """An element of the list `field` of an entry, without what is of its person; what it puts in the inbox, and whether it says that a
    person of the page answers."""

    told: dict[str, Any]
    inbox: tuple[tuple[str, str], ...] = ()
    human: bool = False
    field: str = "messaging"
    from_page: bool = False

    def of(self, psid: str) -> dict[str, Any]:
        """Return the element, of that person, now, under an id of its own."""
        sender, recipient = (PAGE.id, psid) if self.from_page else (psid, PAGE.id)
        now_ms = int(time.time() * 1000)
        told = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": now_ms, **copy.deepcopy(self.told)}
        for part in ("message", "postback"):
            if isinstance(told.get(part), dict) and told[part].get("mid") == _MID:
                told[part]["mid"] = new_mid()
        return told


def _message(**told: Any) -> dict[str, Any]:
    return {"message": {"mid": _MID, **told}}


def _attached(kind: str, payload: Any, **told: Any) -> dict[str, Any]:
    return _message(attachments=[{"type": kind, "payload": payload}], **told)


def _postback(payload: str | None, **told: Any) -> dict[str, Any]:
    return {"postback": {"mid": _MID, "title": "Le titre du bouton", **({"payload": payload} if payload else {}), **told}}


def _echo(app_id: Any = None, **told: Any) -> dict[str, Any]:
    return _message(is_echo=True, **({"app_id": app_id} if app_id else {}), **told)


_TEMPLATE = {"template_type": "button", "text": "Choisissez", "buttons": [{"type": "postback", "title": "Oui", "payload": "choix:a"}]}
_AN_IMAGE, _A_TEMPLATE = {"type": "image", "payload": {"url": _CDN}}, {"type": "template", "payload": _TEMPLATE}
_REFERRAL = {"ref": "affiche", "source": "SHORTLINK", "type": "OPEN_THREAD"}
_THUMB = {"url": _CDN, "sticker_id": 369239263222822}

SAMPLES = {
    "text": Sample(_message(text="on cherche du financement"), (("text", "on cherche du financement"),)),
    "text of an emoji": Sample(_message(text="🐳"), (("text", "🐳"),)),
    "text that answers another": Sample(_message(text="oui", reply_to={"mid": "m_avant"}), (("text", "oui"),)),
    "text with Meta's own reading": Sample(_message(text="allo", nlp={"entities": {}, "intents": [{"name": "x"}]}), (("text", "allo"),)),
    "text from an advertisement": Sample(_message(text="allo", referral={"source": "ADS", "ad_id": "12"}), (("text", "allo"),)),
    "text of blanks": Sample(_message(text=" \n "), (("media", "[message vide]"),)),
    "text with a link": Sample(
        _message(text="voyez https://example.org/", attachments=[{"type": "fallback", "title": "Exemple", "url": "https://example.org/"}]),
        (("text", "voyez https://example.org/"),),
    ),
    "text with a photo": Sample(_attached("image", {"url": _CDN}, text="voici"), (("text", "voici"), ("media", "[photo]"))),
    "text that is a command": Sample(_message(text="/restart"), (("text", "restart"),)),
    "text with personal data": Sample(_message(text="écrivez à marie@exemple.ca"), (("text", "écrivez à [COURRIEL_1]"),)),
    "image": Sample(_attached("image", {"url": _CDN}), (("media", "[photo]"),)),
    "several images": Sample(_message(attachments=[_AN_IMAGE, _AN_IMAGE]), (("media", "[photo]"),)),
    "video": Sample(_attached("video", {"url": _CDN}), (("media", "[vidéo]"),)),
    "reel": Sample(_attached("reel", {"url": _CDN, "reel_video_id": 12}), (("media", "[message sans texte]"),)),
    "audio": Sample(_attached("audio", {"url": _CDN}), (("media", "[message vocal]"),)),
    "file": Sample(_attached("file", {"url": _CDN}), (("media", "[fichier]"),)),
    "location": Sample(_attached("location", {"coordinates": {"lat": 48.83, "long": -64.48}}), (("media", "[lieu partagé]"),)),
    "fallback alone": Sample(_message(attachments=[{"type": "fallback", "url": "https://x.org/"}]), (("media", "[message sans texte]"),)),
    "share": Sample(_attached("share", {"url": "https://example.org/"}), (("media", "[message sans texte]"),)),
    "template": Sample(_attached("template", {"product": {"elements": [{"id": "1"}]}}), (("media", "[message sans texte]"),)),
    "an attachment of a kind to come": Sample(_attached("hologram", {}), (("media", "[message sans texte]"),)),
    "sticker": Sample(_attached("image", {"url": _CDN, "sticker_id": 144884852352448}), (("media", "[autocollant]"),)),
    "sticker of the old form": Sample(_message(sticker_id=144884852352448, attachments=[_AN_IMAGE]), (("media", "[autocollant]"),)),
    "thumb up": Sample(_attached("image", _THUMB), (("media", "[pouce levé]"),)),
    "thumb up of the old form": Sample(_message(sticker_id=369239383222810, attachments=[_AN_IMAGE]), (("media", "[pouce levé]"),)),
    "unsupported": Sample(_message(is_unsupported=True), (("media", "[message sans texte]"),)),
    "quick reply": Sample(_message(text="Un titre", quick_reply={"payload": "choix:inconnu"}), (("choice", "Un titre"),)),
    "Get Started": Sample(_postback("aiguilleur:demarrer", title="Commencer"), (("choice", "Commencer"),)),
    "Get Started from a link": Sample(_postback("aiguilleur:demarrer", title="Démarrer", referral=_REFERRAL), (("choice", "Démarrer"),)),
    "menu, to find a mentor": Sample(_postback("aiguilleur:mentorat", title="Trouver un mentor"), (("choice", "Trouver un mentor"),)),
    "menu, to start over": Sample(_postback("aiguilleur:recommencer", title="Recommencer"), (("restart", "Recommencer"),)),
    "postback that is not ours": Sample(_postback("/restart"), (("choice", "Le titre du bouton"),)),
    "postback without payload": Sample(_postback(None)),
    "echo of our text": Sample(_echo(int(PAGE.app_id), text="réponse"), from_page=True),
    "echo of our text, its app a text": Sample(_echo(PAGE.app_id, text="réponse"), from_page=True),
    "echo of our image": Sample(_echo(int(PAGE.app_id), attachments=[_AN_IMAGE]), from_page=True),
    "echo of our template": Sample(_echo(int(PAGE.app_id), attachments=[_A_TEMPLATE]), from_page=True),
    "echo of another app's text": Sample(_echo(OTHER_APP, text="Bonjour!"), human=True, from_page=True),
    "echo of the inbox's text": Sample(_echo(INBOX_APP, text="Bonjour!", metadata="x"), human=True, from_page=True),
    "echo of the inbox's image": Sample(_echo(INBOX_APP, attachments=[_AN_IMAGE]), human=True, from_page=True),
    "echo of the inbox's template": Sample(_echo(INBOX_APP, attachments=[_A_TEMPLATE]), human=True, from_page=True),
    "echo of no app's text": Sample(_echo(text="Bonjour!"), human=True, from_page=True),
    "echo of no app's image": Sample(_echo(attachments=[_AN_IMAGE]), human=True, from_page=True),
    "delivery": Sample({"delivery": {"mids": ["m_1"], "watermark": 1458668856253}}),
    "read": Sample({"read": {"watermark": 1458668856253}}),
    "reaction": Sample({"reaction": {"reaction": "love", "emoji": "❤️", "action": "react", "mid": "m_1"}}),
    "reaction taken back": Sample({"reaction": {"action": "unreact", "mid": "m_1"}}),
    "edit": Sample({"message_edit": {"mid": "m_1", "text": "on cherche un mentor", "num_edit": 1}}),
    "referral": Sample({"referral": _REFERRAL}),
    "optin": Sample({"optin": {"ref": "affiche", "user_ref": "ref-1"}}),
    "optin for notifications": Sample({"optin": {"type": "notification_messages", "payload": "x", "notification_messages_token": "1"}}),
    "account linking": Sample({"account_linking": {"status": "linked", "authorization_code": "1"}}),
    "policy enforcement": Sample({"policy_enforcement": {"action": "warning", "reason": "x"}}),
    "feedback": Sample({"messaging_feedback": {"feedback_screens": [{"screen_id": 0, "questions": {"q": {"payload": "5"}}}]}}),
    "game": Sample({"game_play": {"game_id": "1", "player_id": "2", "context_type": "SOLO"}}),
    "an event to come": Sample({"hologram": {"shape": "sphere"}}),
    "thread passed to us": Sample(
        {"pass_thread_control": {"previous_owner_app_id": str(INBOX_APP), "new_owner_app_id": PAGE.app_id, "metadata": ""}}
    ),
    "thread passed to another app": Sample(
        {"pass_thread_control": {"previous_owner_app_id": PAGE.app_id, "new_owner_app_id": str(INBOX_APP)}}, human=True
    ),
    "thread taken from us": Sample(
        {"take_thread_control": {"previous_owner_app_id": PAGE.app_id, "new_owner_app_id": INBOX_APP, "metadata": "x"}}, human=True
    ),
    "thread asked of us": Sample({"request_thread_control": {"requested_owner_app_id": INBOX_APP, "metadata": "x"}}),
    "roles of apps": Sample({"app_roles": {PAGE.app_id: ["primary_receiver"]}}, from_page=True),
    "standby, text": Sample(_message(text="on cherche du financement"), human=True, field="standby"),
    "standby, image": Sample(_attached("image", {"url": _CDN}), human=True, field="standby"),
    "standby, postback without payload": Sample(_postback(None), human=True, field="standby"),
    "standby, postback with payload": Sample(_postback("aiguilleur:mentorat"), human=True, field="standby"),
    "standby, echo": Sample(_echo(INBOX_APP, text="Bonjour!"), human=True, field="standby", from_page=True),
    "standby, read": Sample({"read": {"watermark": 1458668856253}}, field="standby"),
    "standby, delivery": Sample({"delivery": {"mids": ["m_1"], "watermark": 1458668856253}}, field="standby"),
    "change of the page's feed": Sample({"field": "feed", "value": {"item": "comment", "message": "allo"}}, field="changes"),
    "change with a message": Sample({"field": "messages", "value": _message(text="allo")}, field="changes"),
}
