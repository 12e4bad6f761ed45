"""What a turn adds to the profile of a project: place, legal form, stage, need, amount."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.access import Access
from actions.turn import Turn
from directory.places_choose import choose
from directory.routing import Profile
from directory.text import fold

PROFILE_SLOTS = ("need", "place", "legal_form", "stage", "amount")
UNSURE = "unknown"
NEEDS_BY_LABEL = {
    "financement": "financement",
    "mentorat": "mentorat",
    "accompagnement": "accompagnement",
    "formation": "formation",
    "reseautage": "reseautage",
    "immobilier": "immobilier",
    "reprise": "reprise",
    "gouvernance": "gouvernance",
}
# A smaller amount (« 100 $ chacun ») is that of a share or a fee, not of a project; answered to our question, it is believed.
_A_PROJECT = 500
# « 60 000 $ de mise de fonds » is what they have, not what they look for.
_OWN_MONEY = re.compile(
    r"(?:\$ )?(?:de mise de fonds|de cote|en banque|d'economies|de nos poches|en caisse|de surplus|de revenus|de ventes)\b"
)
# A building that is sold, a board that is renewed: no business changes hands. « Par où commencer » to buy one is no mere idea.
_NO_STAGE = {("immobilier", "transfert"), ("gouvernance", "transfert"), ("immobilier", "idee")}
# Under this, the need that a word names is surer than the need of the likest sentences.
_SURE_NEED = 0.35
# A project of one's own is spoken of, not forms in general.
_OURS = re.compile(
    r"\b(?:notre|nos|mon|ma|on est|on part|on veut|on a|on demarre|on lance|nous sommes|nous avons|je suis|je (?:veux )?par[ts])\b"
)


@dataclass(frozen=True)
class Said:
    """What one message says: `found` by slot; `candidates` when the place has several homes."""

    found: Mapping[str, Any] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    surface: str = ""
    unknown_place: str = ""
    outside: str = ""


def said_in(turn: Turn, access: Access) -> Said:
    """Return what the message of `turn` says of the project; a pressed button is believed as it is."""
    found = {name: value for name in ("legal_form", "stage") if (value := turn.first(name))}
    if need := need_said(turn):
        found["need"] = need
    said = [e for e in turn.entities if e.get("entity") == "amount" and e["value"] >= _A_PROJECT]
    if amounts := [e["value"] for e in said if not is_own_money(turn.text, e)]:
        found["amount"] = max(amounts)
    place = turn.entity("place")
    candidates: tuple[str, ...] = ()
    if place:
        codes = place["value"] if isinstance(place["value"], list) else [place["value"]]
        if place.get("resolution") == "several":
            candidates = tuple(codes)
        else:
            found["place"] = list(codes)
    if (found.get("need"), found.get("stage")) in _NO_STAGE:
        del found["stage"]
    return Said(found, candidates, (place or {}).get("surface", ""), turn.first("unknown_place") or "", turn.first("outside_place") or "")


def is_own_money(text: str, amount: Mapping[str, Any]) -> bool:
    """Return whether an amount is what they have (« 60 000 $ de mise de fonds »)."""
    return bool(_OWN_MONEY.match(fold(text[amount.get("end", 0) :])))


def need_said(turn: Turn) -> str | None:
    """Return the need of the message: the label's, if the person is searching, else the first word for a need."""
    base, _, sub = turn.label.partition("/")
    words = turn.values("need")
    if base == "find_support" and sub in NEEDS_BY_LABEL and words and sub not in words and turn.evidence < _SURE_NEED:
        return words[0]
    if base == "find_support" and sub in NEEDS_BY_LABEL:
        return _refined(sub, words)
    if base == "find_support":
        return words[0] if words else None
    return words[0] if words and (turn.is_pressed or base == "change_profile") else None


def _refined(label: str, words: list[str]) -> str:
    """A word for buying a building or taking over a firm is more telling than the label's general need."""
    if label == "reprise" and "mentorat" in words:
        # A mentor is asked for by his name; the takeover is the stage of the project.
        return "mentorat"
    if label in ("financement", "accompagnement"):
        return next((w for w in words if w in ("immobilier", "reprise")), label)
    return label


def is_ours(text: str) -> bool:
    """Return whether a text speaks of a project of one's own (« notre coop »), not of forms or stages in general."""
    return bool(_OURS.search(fold(text)))


def kept_from(turn: Turn, access: Access) -> dict[str, Any]:
    """Return what a message says in passing and must not be asked again: its place; the form and the stage of « our » project."""
    found = said_in(turn, access).found
    names = ("place", "legal_form", "stage") if is_ours(turn.text) else ("place",)
    if turn.place and (turn.entity("place") or {}).get("in_name"):
        # « La SADC Matawinie, c’est pour qui? »: the project stays where it is.
        names = names[1:]
    return {name: found[name] for name in names if name in found}


def chosen_place(turn: Turn, access: Access, candidates: list[str]) -> list[str] | None:
    """Return the one of `candidates` that the answer means, as codes, or None."""
    place = turn.entity("place")
    if place and place.get("resolution") != "several":
        codes = place["value"] if isinstance(place["value"], list) else [place["value"]]
        if codes[0] in candidates:
            return codes[:1]
    code = choose(access.places, candidates, turn.text)
    return [code] if code else None


def bare_number(text: str) -> int | None:
    """Return the number that an answer to « combien? » consists of (« 500 », « autour de 900 »), or None."""
    found = re.fullmatch(r"(?:environ|autour de|a peu pres|mettons|genre)? ?(\d{2,7}) ?(?:\$|piasses|dollars)?", fold(text))
    return int(found[1]) if found else None


def profile_of(slots: Mapping[str, Any], words: str = "") -> Profile:
    """Return the routing profile that the slots describe; what is unknown is left out."""
    known = {name: value for name in PROFILE_SLOTS if (value := slots.get(name)) not in (None, UNSURE)}
    return Profile(
        need=known.get("need", "accompagnement"),
        places=tuple(known.get("place") or ()),
        legal_form=known.get("legal_form"),
        stage=known.get("stage"),
        amount=known.get("amount"),
        words=words or slots.get("subject") or "",
    )
