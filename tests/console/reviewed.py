"""Conversations to review, and a little of the directory, for the tests of the pages."""

from typing import Any

from made import LOUISEVILLE, NOON, card, make, reply, turn
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.databases import Databases
from console.models import AuditRow
from directory.models import Actor, Territory, TerritoryAlias
from journal.models import Conversation
from journal.told import FOUND, NOT_HELD, NOT_UNDERSTOOD

PLACES = (
    ("QC", "country", "Québec", None, None),
    ("R04", "region", "Mauricie", None, "QC"),
    ("mrc-maskinonge", "mrc", "Maskinongé", "MRC", "R04"),
    ("51015", "municipality", "Louiseville", "Ville", "mrc-maskinonge"),
    ("51020", "municipality", "Maskinongé", "Municipalité", "mrc-maskinonge"),
)
PROJECT = {"need": "financement", "legal_form": "cooperative", "stage": "demarrage", "place": LOUISEVILLE}


def fill_directory(bases: Databases) -> None:
    """Write three places, and two organisations."""
    with bases.makers["directory", True].begin() as session:
        for code, level, name, kind, parent in PLACES:
            session.add(Territory(code=code, level=level, name=name, kind=kind, parent_code=parent))
            session.flush()
        session.add(TerritoryAlias(territory_code="51015", name="Louisville"))
        for slug, name in (("risq", "Réseau d’investissement social du Québec"), ("cdrq", "Coopérative de développement")):
            session.add(Actor(slug=slug, name=name, short_name=slug.upper(), kind="financement"))


def talk(session: Session, name: str = "talk", **more: Any) -> int:
    """Write a conversation with everything in it, and return its id: turns 2, 4 and 6, and their answers 3, 5 and 7."""
    cards = [card("risq", "RISQ – Prêt", ["sert tout le Québec", "finance au démarrage"]), card("cdrq", "CDRQ", ["sert la Mauricie"])]
    judged = {"rating": "down", "reason": "beside", "comment": "le RISQ a dit non"}
    first = turn(
        "une coop à Louiseville, écrivez à [COURRIEL_1]",
        label="find_support/financement",
        confidence=0.62,
        ranking=[("find_support/financement", 0.62), ("ask_amount", 0.2), ("greet", 0.1), ("thank", 0.05)],
        entities=[{"entity": "place", "value": ["51015"], "text": "Louiseville"}, {"entity": "actor", "value": "risq", "text": "le risq"}],
        fact="ask_amount",
        profile=PROJECT,
        came_of=FOUND,
        model="20261128",
        latency_ms=412,
        replies=[reply(3, "Voici qui peut aider.", *cards, buttons=["D’autres résultats"], **judged)],
    )
    second = turn(
        "pis le taux?", label="ask_unheld", confidence=0.31, came_of=NOT_HELD, matter="taux", replies=[reply(5, "Je ne l’ai pas.")]
    )
    third = turn(
        "xyz", None, came_of=NOT_UNDERSTOOD, confidence=0.1, failed=True, asked="place", replies=[reply(7, "Je n’ai pas compris.")]
    )
    return make(session, name, first, second, third, channel="web", **more)


def write(bases: Databases, **more: Any) -> int:
    """Write `talk` in a transaction of its own."""
    with bases.journal.writing.begin() as session:
        return talk(session, **more)


def row_of(bases: Databases, id: int) -> Conversation:
    """Return a conversation as it is now."""
    with bases.journal.reading() as session:
        return session.get(Conversation, id)


def noted(bases: Databases, result: str = "done") -> list[tuple[str, str, str]]:
    """Return what the audit trail says of conversations, of what had this result: action, subject, detail."""
    with bases.journal.reading() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.action.like("conversation.%"), AuditRow.result == result).order_by(AuditRow.id)
        )
        return [(row.action, row.subject, row.detail) for row in rows]


__all__ = ["NOON", "PROJECT", "fill_directory", "make", "noted", "reply", "row_of", "talk", "turn", "write"]
