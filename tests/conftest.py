"""One assistant for the whole session: the real seed in a database, the real model, the real action server over HTTP.

Each part is made by the first test that asks for it, so that the tests of pure functions stay fast.
"""

import asyncio
import re
import shutil
import threading
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest_plugins = ("databases", "leaks", "messaging", "serving")
ROOT = Path(__file__).resolve().parents[1]
_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u0153": "oe", "\u00e6": "ae"})


class ActionServer(NamedTuple):
    """Where the actions are served, and the secret that they ask for."""

    url: str
    secret: str


def fold_reply(text: str) -> str:
    """Return `text` in lower case, without accents, with plain apostrophes and single blanks; signs stay."""
    text = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return re.sub(r"\s+", " ", "".join(c for c in text if not unicodedata.combining(c))).strip()


@dataclass(frozen=True)
class Shown:
    """What the person sees of one turn, and how the message was read."""

    replies: list[dict[str, Any]]
    intent: dict[str, Any]
    entities: list[dict[str, Any]]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of the turn, in order."""
        return [card for reply in self.replies for card in reply["cards"]]

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons of the turn, in order."""
        return [button for reply in self.replies for button in reply["buttons"]]

    @property
    def texts(self) -> list[str]:
        """Every text that is shown: bubbles, fields of cards, titles of buttons."""
        told = [reply["text"] for reply in self.replies if reply["text"]]
        for card in self.cards:
            told += [value if isinstance(value, str) else "; ".join(value) for name, value in card.items() if name != "actor"]
        return told + [button["title"] for button in self.buttons]

    @property
    def raw(self) -> str:
        """Everything that is shown, as it is written."""
        return "\n".join(self.texts)

    @property
    def folded(self) -> str:
        """Everything that is shown, folded for regular expressions without accents or capitals."""
        return fold_reply(self.raw)


class Person:
    """Drives the shared assistant as people do: `say` a text, or `press` the button of that title."""

    def __init__(self, assistant: Any, wait: Callable[[Awaitable], Any]) -> None:
        self._assistant, self._wait = assistant, wait
        self._last: dict[str, Shown] = {}

    def say(self, conversation: str, text: str) -> Shown:
        """Return what is shown for a typed text."""
        return self._show(conversation, self._assistant.say(conversation, text))

    def press(self, conversation: str, title: str) -> Shown:
        """Return what is shown for the button of this title among the last ones shown."""
        last = self._last.get(conversation)
        offered = {button["title"]: button["payload"] for button in (last.buttons if last else ())}
        assert title in offered, f"no button « {title} » among {list(offered)}"
        return self.press_payload(conversation, offered[title])

    def press_payload(self, conversation: str, payload: str) -> Shown:
        """Return what is shown for a payload, offered or not."""
        return self._show(conversation, self._assistant.press(conversation, payload))

    def _show(self, conversation: str, turn: Awaitable) -> Shown:
        turned = self._wait(turn)
        shown = Shown(turned.replies, turned.intent, turned.entities)
        if shown.buttons or conversation not in self._last:
            self._last[conversation] = shown
        return shown


@pytest.fixture(scope="session")
def folded() -> Callable[[str], str]:
    """The folding of `Shown.folded`, for other texts."""
    return fold_reply


@pytest.fixture(scope="session")
def directory_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the project's own seed. Tests that change it put it back as it was."""
    from directory import schema
    from directory.database import make_engine, reachable, session_factory, session_scope
    from directory.importing import import_seed

    path = tmp_path_factory.mktemp("directory") / "directory.db"
    engine = make_engine(f"sqlite:///{path}")
    with reachable(engine) as connection:
        schema.upgrade(connection)
    with session_scope(session_factory(engine)) as session:
        import_seed(session, ROOT / "data" / "seed")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def directory_url(directory_file: Path) -> str:
    """The address of the seeded directory, as a setting."""
    return f"sqlite:///{directory_file}"


@pytest.fixture(scope="session")
def seeded(directory_url: str) -> Iterator[Any]:
    """Sessions on the seeded directory, to look things up."""
    from directory.database import open_directory

    factory = open_directory(directory_url)
    yield factory
    factory.kw["bind"].dispose()


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the model of the present data, so that no training takes it away; trained when missing, which takes a minute."""
    from bot.training import train

    return Path(shutil.copy(train()[0], tmp_path_factory.mktemp("model")))


@pytest.fixture(scope="session")
def action_server(directory_url: str) -> Iterator[ActionServer]:
    """The action server, in a process of its own, on the seeded directory."""
    from cli import stack

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLEUR_DATABASE_URL", directory_url)
        serving = stack.action_server()
        server = ActionServer(*serving.__enter__())
    yield server
    serving.__exit__(None, None, None)


@pytest.fixture(scope="session")
def wait() -> Iterator[Callable[[Awaitable], Any]]:
    """Runs coroutines on the one event loop of the session, and returns what they give."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="session")
def assistant(model: Path, action_server: ActionServer, directory_url: str, wait: Callable[[Awaitable], Any]) -> Iterator[Any]:
    """The assistant, loaded once; conversations of different names know nothing of one another."""
    from bot.engine import load_agent

    from bot.assistant import Assistant

    async def load() -> Assistant:
        made = Assistant(load_agent(model, action_server.url, action_server.secret))
        await made.warm_up()
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLEUR_DATABASE_URL", directory_url)
        loaded = wait(load())
    yield loaded
    wait(loaded.close())


@pytest.fixture(scope="session")
def person(assistant: Any, wait: Callable[[Awaitable], Any]) -> Person:
    """Someone who talks to the shared assistant."""
    return Person(assistant, wait)


@pytest.fixture(scope="session")
def talk(person: Person) -> Callable[[str, str], Shown]:
    """talk(conversation, text): what the assistant shows for it."""
    return person.say
