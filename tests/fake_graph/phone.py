"""The simulated phone: the files of the page, what it shows, and what is done on it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fake_graph.screen import Card, Person, Shown

if TYPE_CHECKING:
    from fake_graph.server import FakeGraph

_HERE = Path(__file__).parent
_FILES = {
    "/telephone": ("phone.html", "text/html; charset=utf-8"),
    "/telephone/phone.css": ("phone.css", "text/css; charset=utf-8"),
    "/telephone/phone.js": ("phone.js", "text/javascript; charset=utf-8"),
}
_JSON = "application/json"
_NAMES = {
    "[image]": "Photo",
    "[audio]": "Message vocal",
    "[video]": "Vidéo",
    "[file]": "Fichier",
    "[location]": "Position",
    "[sticker]": "Autocollant",
    "[like]": "👍",
    "[template]": "Article",
    "[fallback]": "Lien",
    "[link]": "Lien",
}
_OF_THE_PHONE = "5000000000000001"


def answer(graph: "FakeGraph", method: str, path: str, query: dict[str, str], raw: bytes) -> tuple[int, str, bytes]:
    """Return the status, the content type and the body of a request below `/telephone`."""
    if method == "GET" and path.rstrip("/") in _FILES:
        name, kind = _FILES[path.rstrip("/")]
        return 200, kind, (_HERE / name).read_bytes()
    person = graph.person(query.get("personne") or _OF_THE_PHONE)
    if method == "GET" and path == "/telephone/etat":
        return 200, _JSON, _dump(state(graph, person))
    if method == "POST" and path == "/telephone/geste":
        return _gesture(graph, person, raw)
    return 404, _JSON, _dump({"erreur": "Cette adresse n’existe pas."})


def state(graph: "FakeGraph", person: Person) -> dict[str, Any]:
    """Return what the phone shows of that person, the newest 200 bubbles and 50 refusals at most."""
    with person.lock:
        screen = person.screen[-200:]
    return {
        "page": graph.page.name,
        "personne": person.psid,
        "bulles": [_bubble(bubble) for bubble in screen],
        "reponses": [title for title, _ in person.quick_replies],
        "ecrit": person.typing,
        "vu": person.seen,
        "ailleurs": graph.in_standby(person),
        "demarrer": "get_started" in graph.profile,
        "accueil": next((each["text"] for each in graph.profile.get("greeting", []) if each["locale"] == "default"), ""),
        "questions": [call["question"] for call in graph.profile_calls("ice_breakers")],
        "menu": [{"titre": call["title"], "url": call.get("url", "")} for call in graph.profile_calls("persistent_menu")],
        "abonne": graph.subscribed,
        "refus": [{"regle": each.rule, "texte": each.message} for each in graph.refusals[-50:]],
        "nombre_refus": len(graph.refusals),
    }


def _gesture(graph: "FakeGraph", person: Person, raw: bytes) -> tuple[int, str, bytes]:
    try:
        asked = json.loads(raw)
        if asked["geste"] == "toucher":
            person.taps(asked["valeur"], mid=asked.get("bulle"), card=asked.get("carte"))
        else:
            _do(graph, person, str(asked["geste"]), str(asked.get("valeur", "")))
    except (ValueError, KeyError, TypeError, AttributeError, LookupError):
        return 400, _JSON, _dump({"erreur": "Ce geste n’est pas possible maintenant."})
    return 200, _JSON, _dump(state(graph, person))


def _do(graph: "FakeGraph", person: Person, what: str, value: str) -> None:
    acts = {
        "ecrire": lambda: person.says(value),
        "demarrer": person.gets_started,
        "question": lambda: person.asks_ice_breaker(value),
        "menu": lambda: person.chooses_menu(value),
        "envoyer": lambda: person.sends(value),
        # Who answers from the inbox of the Page takes the thread by that.
        "repondre": lambda: (graph.take_control(person), graph.human_replies(person, value)),
        "prendre": lambda: graph.take_control(person),
        "rendre": lambda: graph.pass_control(person),
    }
    if what in ("ecrire", "repondre") and not value.strip():
        raise ValueError("nothing is written")
    acts[what]()


def _bubble(bubble: Shown) -> dict[str, Any]:
    return {
        "mid": bubble.mid,
        "par": bubble.by,
        "texte": "" if bubble.cards else _NAMES.get(bubble.text, bubble.text),
        "heure": bubble.at.astimezone().strftime("%H h %M").replace(" ", "\u00a0"),
        "boutons": [_button(*button) for button in bubble.buttons],
        "cartes": [_card(card) for card in bubble.cards],
    }


def _card(card: Card) -> dict[str, Any]:
    return {"titre": card.title, "detail": card.subtitle, "boutons": [_button(*button) for button in card.buttons]}


def _button(title: str, kind: str, value: str) -> dict[str, str]:
    address = {"web_url": value, "phone_number": "tel:" + value}.get(kind, "")
    return {"titre": title, "url": address}


def _dump(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()
