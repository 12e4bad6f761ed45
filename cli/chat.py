"""`aiguilleur chat`: talk in the terminal, or one JSON object a line with `--jsonl`."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

Talk = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
MAX_LINE_BYTES = 4_000_000
WELCOME = (
    "Bonjour! Je suis Aiguilleur, un robot qui oriente les coopératives et les OBNL vers les bonnes ressources au Québec.\n"
    "Posez votre question, ou tapez le numéro d’un bouton. Pour sortir\u00a0: Ctrl-D."
)


def chat(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Un objet JSON par ligne, à l’entrée comme à la sortie.")] = False,
    url: Annotated[str | None, typer.Option("--url", help="Parler à un serveur en marche plutôt qu’à un modèle chargé ici.")] = None,
    model: Annotated[Path | None, typer.Option("--model", help="Un autre modèle que celui des données présentes.")] = None,
) -> None:
    """Parle avec l’assistant dans le terminal. Exemple : aiguilleur chat"""
    asyncio.run(_chat(jsonl, url, model))


async def _chat(jsonl: bool, url: str | None, model: Path | None) -> None:
    async with talker(url, model) as talk:
        await (_jsonl(talk) if jsonl else _terminal(talk))


@asynccontextmanager
async def talker(url: str | None, model: Path | None) -> AsyncIterator[Talk]:
    """Give a function that takes a line's object and returns the reply's, from a running server or a model loaded here.

    Raises:
        CommandError, DirectoryError, ModelError: what is needed is missing, or cannot be used.
    """
    if url:
        from cli.client import RemoteConversations

        async with RemoteConversations(url) as conversations:
            yield conversations.talk
        return
    from rich.console import Console

    from cli.stack import action_server, require_directory, trained_model

    require_directory()
    path = trained_model(model)
    with ExitStack() as stack:
        with Console(stderr=True).status("Chargement de l’assistant…"):
            address, secret = stack.enter_context(action_server())
            from bot.engine import load_agent

            from bot.assistant import Assistant

            assistant = Assistant(load_agent(path, address, secret))
            await assistant.warm_up()
        try:
            yield partial(local_turn, assistant)
        finally:
            await assistant.close()


async def local_turn(assistant: Any, line: dict[str, Any]) -> dict[str, Any]:
    """Return the reply object to a line's object, from an assistant loaded here."""
    conversation = str(line["conversation"])
    if "payload" in line:
        turned = await assistant.press(conversation, line["payload"])
    else:
        turned = await assistant.say(conversation, line["text"])
    return {
        "conversation": line["conversation"],
        "replies": turned.replies,
        "intent": turned.intent,
        "entities": turned.entities,
        "latency_ms": turned.latency_ms,
    }


async def _jsonl(talk: Talk) -> None:
    async for number, raw in _lines():
        if not raw.strip():
            continue
        line, problem = parse_line(raw)
        answer = await talk(line) if line else {"line": number, "error": problem}
        # A lone surrogate in the name of a conversation has no UTF-8: it goes out as « ? ».
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()


async def _lines() -> AsyncIterator[tuple[int, bytes]]:
    number = 0
    while raw := await asyncio.to_thread(sys.stdin.buffer.readline):
        number += 1
        yield number, raw


def parse_line(raw: bytes) -> tuple[dict[str, Any] | None, str]:
    """Return the object of a line, or None and, in French, what is wrong with it."""
    if len(raw) > MAX_LINE_BYTES:
        return None, f"La ligne dépasse {MAX_LINE_BYTES} octets\u00a0: envoyez un message plus court."
    try:
        line = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return None, f"La ligne n’est pas en UTF-8 (octet {error.start})\u00a0: réencodez-la."
    except ValueError as error:
        return None, f"La ligne n’est pas du JSON ({error})\u00a0: un objet par ligne."
    except RecursionError:
        return None, "La ligne est trop imbriquée\u00a0: un objet simple par ligne."
    if not isinstance(line, dict):
        return None, 'La ligne doit être un objet\u00a0: {"conversation": "c1", "text": "…"}.'
    if not isinstance(line.get("conversation"), (str, int)):
        return None, "Il manque «\u00a0conversation\u00a0», un texte qui nomme la conversation."
    if not isinstance(line.get("text"), str) and not isinstance(line.get("payload"), str):
        return None, "Il manque «\u00a0text\u00a0» (ou «\u00a0payload\u00a0» pour un bouton), qui doit être un texte."
    return line, ""


async def _terminal(talk: Talk) -> None:
    from cli.terminal import read_line, show

    print(WELCOME)
    buttons: list[dict[str, str]] = []
    while (text := await asyncio.to_thread(read_line)) is not None:
        line: dict[str, Any] = {"conversation": "terminal", "text": text}
        if text.strip().isdigit() and 1 <= int(text) <= len(buttons):
            line = {"conversation": "terminal", "payload": buttons[int(text) - 1]["payload"]}
        answer = await talk(line)
        buttons = show(answer["replies"])
