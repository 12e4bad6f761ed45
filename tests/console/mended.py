"""What the tests of mending are made of: a small project with its sentences, and messages that were misunderstood."""

from datetime import timedelta
from pathlib import Path

from clocks import Clock
from made import make, reply, turn
from sqlalchemy import func, select

from console.databases import Databases
from journal.models import Conversation, Turn
from journal.told import NOT_UNDERSTOOD

FILES = {
    "intents/ask_amount.yml": ("ask_amount", ["combien prête le fonds", "quel est le montant maximum", "c'est quoi le plafond du prêt"]),
    "intents/ask_cost.yml": ("ask_cost", ["c'est-tu payant", "combien ça coûte avoir un mentor", "quel est le prix de l'adhésion"]),
    "intents/inform.yml": ("inform", ["nous autres on embarque là-dedans", "jusqu'où aller, qu'il dit, ce que ça veut dire"]),
    "intents/greet.yml": ("greet", ["bonjour", "allo", "salut là"]),
    "topics/capital_patient.yml": ("ask_topic/capital_patient", ["c'est quoi du capital patient", "la quasi-équité, ça veut dire quoi"]),
}
REGISTRY = """ask_amount: {purpose: "x.", neighbours: [ask_cost], example: "combien prête le fonds", label: "Le montant offert"}
ask_cost: {purpose: "x.", neighbours: [ask_amount], example: "c'est-tu payant", label: "Le coût du service"}
greet: {purpose: "x.", neighbours: [], example: "bonjour"}
"""


def make_project(root: Path) -> Path:
    """Make a small project: sentences, and one that examines."""
    for name, (label, sentences) in FILES.items():
        write_sentences(root / "data/nlu" / name, label, sentences)
    (root / "data/nlu/intents.yml").write_text(REGISTRY, encoding="utf-8")
    write_sentences(root / "tests/nlu/development/intents.yml", "ask_amount", ["ils montent jusqu'à combien"])
    return root


def write_sentences(file: Path, label: str, sentences: list[str]) -> None:
    """Make a file of sentences."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"      - {sentence}\n" for sentence in sentences)
    file.write_text(f'# Something. Not this: x.\nversion: "3.1"\nnlu:\n  - intent: {label}\n    examples: |\n{lines}', encoding="utf-8")


def hear(
    bases: Databases, clock: Clock, *texts: str, understood: bool = False, rating: str | None = None, label: str = "ask_cost"
) -> list[int]:
    """Return the ids of the turns of these texts, each in a conversation of its own, an hour ago; not understood unless said otherwise."""
    told = {
        "confidence": 0.97 if understood else 0.21,
        "came_of": None if understood else NOT_UNDERSTOOD,
        "ranking": [("ask_cost", 0.31), ("ask_amount", 0.22), ("greet", 0.1)],
        "replies": [reply(3, "Voici ce que ça coûte.", rating=rating)],
    }
    with bases.journal.writing.begin() as session:
        known = session.execute(select(func.count()).select_from(Conversation)).scalar_one()
        ids = [
            make(session, f"heard {number}", turn(text, label, **told), at=clock() - timedelta(hours=1))
            for number, text in enumerate(texts, known)
        ]
        return [session.execute(select(Turn.id).where(Turn.conversation_id == each)).scalar_one() for each in ids]
