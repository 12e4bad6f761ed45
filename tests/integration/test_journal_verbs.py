"""The verbs of `aiguilleur journal`, as an operator types them, on a conversation that a channel holds."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.conversations import inbox, outbox
from bot.conversations.inbox import Begun, Incoming
from bot.conversations.models import TEXT, Erasure
from bot.conversations.models import Conversation as Held
from bot.conversations.store import Store
from bot.door import enter
from journal.models import Conversation
from journal.store import Journal
from settings import PROJECT_ROOT

SAID = "mon courriel est marie@exemple.ca, un framboisier"


class Desk:
    """An operator with databases of their own."""

    def __init__(self, folder: Path, directory_url: str, environment: Callable[..., dict[str, str]]) -> None:
        self.conversations, self.journal = f"sqlite:///{folder / 'c.db'}", f"sqlite:///{folder / 'j.db'}"
        self.folder = folder
        self._env = environment(
            AIGUILLEUR_DATABASE_URL=directory_url,
            AIGUILLEUR_CONVERSATIONS_DATABASE_URL=self.conversations,
            AIGUILLEUR_JOURNAL_DATABASE_URL=self.journal,
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Return what a verb answers."""
        command = [str(Path(sys.executable).parent / "aiguilleur"), "journal", *words]
        return subprocess.run(command, cwd=PROJECT_ROOT, env=self._env, capture_output=True, text=True, timeout=120, check=False)

    def talk(self, age: timedelta = timedelta()) -> str:
        """Return the name of a conversation of one turn, begun `age` ago."""
        store = Store(self.conversations)
        store.prepare()
        now = store.now() - age
        name = store.run_here(inbox.begin, Begun("web", True, "test"), None, now)
        store.run_here(inbox.receive, name, Incoming("m1-12345", TEXT, enter(SAID)), now)
        claimed = store.run_here(inbox.claim, name)
        reading = {"intent": {"name": "greet", "confidence": 0.9}, "entities": [], "record": {"label": "greet"}}
        store.run_here(outbox.settle, claimed, [{"text": "Bonjour.", "buttons": [], "cards": []}], None, reading, now)
        store.close()
        return name

    def rows(self) -> list[Conversation]:
        """Return the conversations of the journal."""
        journal = Journal(self.journal)
        with journal.reading() as session:
            return session.execute(select(Conversation)).scalars().all()


@pytest.fixture
def desk(tmp_path: Path, directory_url: str, environment: Callable[..., dict[str, str]]) -> Desk:
    """An operator's desk."""
    return Desk(tmp_path, directory_url, environment)


def test_a_journal_is_rebuilt_and_a_conversation_given_to_its_person(desk: Desk) -> None:
    desk.talk()
    rebuilt = desk.run("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "1 conversation au journal" in rebuilt.stdout
    [row] = desk.rows()
    given = desk.run("dossier", str(row.id), "--output", str(desk.folder / "sortie"))
    assert given.returncode == 0, given.stderr
    whole = json.loads((desk.folder / "sortie" / f"dossier-{row.id}.json").read_text(encoding="utf-8"))
    assert whole["supplied"]["messages"][0]["text"] == "mon courriel est [COURRIEL_1], un framboisier"
    assert {*whole["channel"]} >= {"conversation", "inbox", "outbox"}
    assert "framboisier" in (desk.folder / "sortie" / f"dossier-{row.id}.html").read_text(encoding="utf-8")


def test_a_conversation_is_erased_everywhere_with_a_proof(desk: Desk) -> None:
    desk.talk()
    desk.run("rebuild")
    [row] = desk.rows()
    refused = desk.run("erase", str(row.id))
    assert (refused.returncode, "--yes" in refused.stderr) == (1, True)
    erased = desk.run("erase", str(row.id), "--yes")
    assert erased.returncode == 0, erased.stderr
    store = Store(desk.conversations)
    assert store.run_here(lambda session: session.execute(select(Held.id)).first()) is None
    proof = store.run_here(lambda session: session.execute(select(Erasure.proof)).scalar_one())
    store.close()
    assert proof in erased.stdout
    assert desk.rows() == []
    for file in desk.folder.glob("*.db*"):
        assert b"framboisier" not in file.read_bytes(), file.name


def test_what_is_over_its_time_is_purged_everywhere_once(desk: Desk) -> None:
    desk.talk(timedelta(days=91))
    desk.talk()
    desk.run("rebuild")
    purged = desk.run("purge")
    assert purged.returncode == 0, purged.stderr
    assert "1 conversation et 1 message;" in purged.stdout
    assert len(desk.rows()) == 1
    assert "Rien à effacer" in desk.run("purge").stdout


def test_a_number_that_is_not_there_is_told_in_one_line(desk: Desk) -> None:
    for verb in (("erase", "404", "--yes"), ("dossier", "404")):
        told = desk.run(*verb)
        assert (told.returncode, told.stderr.count("\n")) == (1, 1)
        assert "Aucune conversation 404" in told.stderr
