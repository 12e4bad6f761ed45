"""One side of the comparison, in a process of its own: trains or talks, and prints one JSON object.

    python -m bench.stock.side train ours var/bench/sample
    python -m bench.stock.side talk stock model.tar.gz messages.json
    python -m bench.stock.side grow ours model.tar.gz messages.json

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

A_CONVERSATION = 5
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


def talk(side: str, model: Path, messages: list[list[str]]) -> dict[str, Any]:
    """Drive the agent with `messages` (text, label): a pass to warm up, one measured, then one taken apart."""
    agent = load(side, model)
    said = {"ready_s": time.monotonic() - float(os.environ["BENCH_STARTED"]), "loaded_mb": resident_mb()}
    texts = [text for text, _ in messages]
    warm = asyncio.run(_pass(agent, texts, "warm"))
    said |= {"first_ms": warm[0][0]}
    measured = asyncio.run(_pass(agent, texts, "measured"))
    said |= {"turns_ms": [wall for wall, _ in measured], "cpu_ms": [cpu for _, cpu in measured], "end_mb": resident_mb()}
    said |= asyncio.run(_read(agent, messages))
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


async def _read(agent: Any, messages: list[list[str]]) -> dict[str, Any]:
    """Return what each message was read as, and how long reading took."""
    from rasa.core.channels.channel import UserMessage

    labels, times = [], []
    for text, expected in messages:
        started = time.perf_counter()
        parse = await agent.processor.parse_message(UserMessage(text))
        times.append(1000 * (time.perf_counter() - started))
        labels.append([expected, label_of(parse)])
    return {"labels": labels, "read_ms": times}


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


def resident_mb() -> float:
    """Return the resident memory of this process, in megabytes (VmRSS)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """Run the verb of the command line; the result is the last line of standard output."""
    verb, side, path, *more = sys.argv[1:]
    if verb == "train":
        said = train(side, Path(path))
    else:
        messages = json.loads(Path(more[0]).read_text(encoding="utf-8"))
        said = talk(side, Path(path), messages) if verb == "talk" else grow(side, Path(path), messages)
    if "parts" in said:
        from bench.stock.parts import replay

        said["parts"] |= replay(said["parts"].pop("calls"))
    print(json.dumps(said))


if __name__ == "__main__":
    main()
