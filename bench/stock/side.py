"""One side of the comparison, in a process of its own: trains or talks, and prints one JSON object.

    python -m bench.stock.side train ours var/bench/sample
    python -m bench.stock.side talk stock model.tar.gz asked.json
    python -m bench.stock.side grow ours model.tar.gz texts.json

The address of the actions comes in BENCH_ACTION_URL and BENCH_ACTION_SECRET, the time at which the process was
started (seconds of the system's monotonic clock) in BENCH_STARTED.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import bot.engine  # before Rasa: it quiets its import

from bench.processes import resident_mb
from bench.sides import A_CONVERSATION, AT_ONCE, Asked, talks

MODELS = "models"


def train(side: str, folder: Path) -> dict[str, Any]:
    """Train from `folder` and return the model's name."""
    if side == "ours":
        from bot.training import train as train_ours

        return {"model": str(train_ours(folder, force=True)[0])}
    from rasa.model_training import train as train_stock

    paths = {"domain": str(folder / "domain"), "config": str(folder / "config.yml"), "training_files": [str(folder / "data")]}
    result = train_stock(**paths, output=str(folder / MODELS), fixed_model_name="stock", force_training=True)
    return {"model": result.model}


def load(side: str, model: Path) -> Any:
    """Return the agent: ours as the assistant loads it, stock as Rasa does when nothing is set but the address."""
    url, secret = os.environ["BENCH_ACTION_URL"], os.environ["BENCH_ACTION_SECRET"]
    if side == "ours":
        return bot.engine.load_agent(model, url, secret)
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    agent = Agent(action_endpoint=EndpointConfig(url=url, headers={"Authorization": f"Bearer {secret}"}))
    agent.load_model(str(model))
    return agent


def talk(side: str, model: Path, asked: Asked) -> dict[str, Any]:
    """Return what the agent measured: a pass to warm up, one measured, the readings, the saturation, then a pass taken apart."""
    agent = load(side, model)
    said = {"ready_s": time.monotonic() - float(os.environ["BENCH_STARTED"]), "loaded_mb": resident_mb()}
    texts = [text for text, _ in asked.turns]
    warm = asyncio.run(_pass(agent, texts, "warm"))
    said |= {"first_ms": warm[0][0]}
    measured = asyncio.run(_pass(agent, texts, "measured"))
    said |= {"turns_ms": [wall for wall, _ in measured], "cpu_ms": [cpu for _, cpu in measured], "end_mb": resident_mb()}
    read = {name: asyncio.run(_read(agent, pairs)) for name, pairs in asked.readings.items()}
    said["read"] = {name: labels for name, (labels, _) in read.items()}
    said["read_ms"] = next(iter(read.values()))[1]
    said["turns_per_s"] = {str(people): asyncio.run(_saturated(agent, talks(texts, asked.saturation, people))) for people in AT_ONCE}
    said["parts"] = asyncio.run(_taken_apart(agent, texts))
    return said


def grow(side: str, model: Path, texts: list[str]) -> dict[str, Any]:
    """Drive the agent with `texts` in a single conversation and return the milliseconds of each turn, and of processor."""
    agent = load(side, model)
    asyncio.run(_pass(agent, texts[:30], "warm"))
    times = asyncio.run(_pass(agent, texts, "long", len(texts)))
    return {"turns_ms": [wall for wall, _ in times], "cpu_ms": [cpu for _, cpu in times]}


async def _pass(agent: Any, texts: list[str], name: str, length: int = A_CONVERSATION) -> list[tuple[float, float]]:
    """Return (milliseconds, milliseconds of this process's processor time) of each turn."""
    times = []
    for i, text in enumerate(texts):
        times.append(await _turn(agent, text, f"{name}-{i // length}"))
        if i % 50 == 49:
            print(f"    {name}: {i + 1}/{len(texts)} turns", file=sys.stderr)
    return times


async def _turn(agent: Any, text: str, conversation: str) -> tuple[float, float]:
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    message = UserMessage(text, CollectingOutputChannel(), conversation)
    wall, cpu = time.perf_counter(), time.process_time()
    await agent.handle_message(message)
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


async def _read(agent: Any, messages: list[list[str]]) -> tuple[list[list[str]], list[float]]:
    """Return (expected label, label read) of each message, and the milliseconds that reading it took."""
    from rasa.core.channels.channel import UserMessage

    labels, times = [], []
    for text, expected in messages:
        started = time.perf_counter()
        parse = await agent.processor.parse_message(UserMessage(text))
        times.append(1000 * (time.perf_counter() - started))
        labels.append([expected, label_of(parse)])
    return labels, times


async def _saturated(agent: Any, said: list[list[str]]) -> float:
    """Return the turns a second when each list of `said` is typed by someone, all at once, in conversations of five turns."""
    started = time.perf_counter()
    await asyncio.gather(*(_typed(agent, texts, f"{len(said)}-{i}") for i, texts in enumerate(said)))
    return sum(map(len, said)) / (time.perf_counter() - started)


async def _typed(agent: Any, texts: list[str], name: str) -> None:
    for i, text in enumerate(texts):
        await _turn(agent, text, f"{name}-{i // A_CONVERSATION}")


def label_of(parse: dict[str, Any]) -> str:
    """Return the label that a parse decides for: the intent, with the best label of a retrieval intent."""
    intent = parse["intent"]["name"] or ""
    ranking = [label for label, _ in parse.get("ranking") or ()]
    for selected in (parse.get("response_selector") or {}).values():
        if isinstance(selected, dict):
            ranking += [each["intent_response_key"] for each in selected["ranking"]]
    return next((label for label in ranking if label.split("/")[0] == intent), intent)


async def _taken_apart(agent: Any, texts: list[str]) -> dict[str, Any]:
    from bench.stock.parts import Parts

    parts = Parts()
    parts.watch()
    times = await _pass(agent, texts, "profiled")
    by_turn = parts.by_turn(len(texts), sum(wall for wall, _ in times) / 1000)
    return {"by_turn": by_turn, "calls_a_turn": len(parts.calls) / len(texts), "calls": parts.calls}


def main() -> None:
    """Run the verb of the command line; the result is the last line of standard output."""
    verb, side, path, *more = sys.argv[1:]
    if verb == "train":
        said = train(side, Path(path))
    else:
        given = json.loads(Path(more[0]).read_text(encoding="utf-8"))
        said = talk(side, Path(path), Asked(**given)) if verb == "talk" else grow(side, Path(path), given)
    if "parts" in said:
        from bench.stock.parts import replay

        said["parts"] |= replay(said["parts"].pop("calls"))
    print(json.dumps(said))


if __name__ == "__main__":
    main()
