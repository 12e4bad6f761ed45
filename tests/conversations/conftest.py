"""What the tests of whole searches look at: the question that is asked, and whether the organisations shown serve the place."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from directory.models import Actor
from directory.queries import actor_by_slug, territory_path

WAYS = ("phone", "email", "website", "first_step")
QUESTIONS = {
    "place": "quelle municipalite|quelle mrc",
    "legal_form": "quelle est la forme juridique",
    "need": "vous cherchez",
    "amount": "combien d'argent",
    "stage": "quelle etape",
}


def asked_last(folded: str) -> str:
    """Return the slot that the last question of a folded text is about, « nothing » without any."""
    found = [(match.start(), what) for what, pattern in QUESTIONS.items() for match in re.finditer(pattern, folded)]
    return max(found, default=(0, "nothing"))[1]


@pytest.fixture(scope="session")
def asked_in() -> Callable[[str], str]:
    """asked_in(folded): the slot that the last question of the text is about, « nothing » without any."""
    return asked_last


@pytest.fixture(scope="session")
def wrong_cards(seeded: Any) -> Callable[[Any, str], list[str]]:
    """wrong_cards(shown, code): what is wrong with the organisations shown to someone at that territory."""

    def _wrong(shown: Any, code: str) -> list[str]:
        with seeded() as session:
            return _wrong_for(shown, session, code)

    return _wrong


def _wrong_for(shown: Any, session: Any, code: str) -> list[str]:
    if not shown.cards:
        return ["no organisation is shown"]
    path = {territory.code for territory in territory_path(session, code)}
    wrong, near = [], False
    for card in shown.cards:
        if not any(card.get(way) for way in WAYS):
            wrong.append(f"{card['name']} has no door")
        if card["actor"].startswith("mrc-") and card["actor"] in path:
            near = True
            continue
        actor = actor_by_slug(session, card["actor"])
        covered = _covered(actor)
        near |= bool(covered & path - {"QC"})
        if actor is None or actor.status == "closed":
            wrong.append(f"{card['name']} is closed or unknown")
        elif not covered & path:
            wrong.append(f"{card['name']} serves {sorted(covered)}, not {code}")
    return wrong if near else [*wrong, "nothing near the place is shown"]


def _covered(actor: Actor | None) -> set[str]:
    return {cover.territory_code for cover in actor.covers} if actor else set()
