"""Rasa's recommended pipeline for French, for intents alone: spaCy, sparse features and DIET, trained by Rasa itself."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

import bot.engine  # noqa: F401 - before Rasa: it quiets its import

import yaml

from bench.rivals.drawing import Pairs

EPOCHS = 100
# Rasa takes « / » for a retrieval intent, whose labels DIET would not tell apart.
SLASH = "__"


def config(epochs: int = EPOCHS) -> dict[str, Any]:
    """Return the pipeline, all defaults but the epochs, the entities (there is none to learn) and the ranking, given whole."""
    return {
        "recipe": "default.v1",
        "language": "fr",
        "assistant_id": "rival",
        "pipeline": [
            {"name": "SpacyNLP", "model": "fr_core_news_md"},
            {"name": "SpacyTokenizer"},
            {"name": "SpacyFeaturizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False, "ranking_length": 0, "random_seed": 7},
        ],
    }


def train(pairs: Pairs, folder: Path, epochs: int = EPOCHS) -> None:
    """Train on `pairs` and write the model below `folder`."""
    from rasa.model_training import train as train_rasa

    files = {"config": config(epochs), "domain": {"version": "3.1", "intents": sorted({_name(label) for _, label in pairs})}}
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    owned = defaultdict(list)
    for text, label in pairs:
        owned[_name(label)].append(f"      - {text}\n")
    entries = [f"  - intent: {label}\n    examples: |\n{''.join(lines)}" for label, lines in owned.items()]
    (folder / "nlu.yml").write_text('version: "3.1"\nnlu:\n' + "".join(entries), encoding="utf-8")
    paths = {"domain": str(folder / "domain.yml"), "config": str(folder / "config.yml"), "training_files": [str(folder / "nlu.yml")]}
    train_rasa(**paths, output=str(folder), fixed_model_name="diet", force_training=True)


class Diet:
    """The trained pipeline, asked through Rasa's own processor."""

    def __init__(self, folder: Path) -> None:
        from rasa.core.agent import Agent

        self._agent = Agent()
        self._agent.load_model(str(folder / "diet.tar.gz"))
        self._loop = asyncio.new_event_loop()

    def ranks(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        """Return the ranking of each text, one message after the other."""
        return [self._loop.run_until_complete(self._rank(text)) for text in texts]

    async def _rank(self, text: str) -> list[tuple[str, float]]:
        from rasa.core.channels.channel import UserMessage

        parse = await self._agent.processor.parse_message(UserMessage(text))
        return [(each["name"].replace(SLASH, "/"), float(each["confidence"])) for each in parse["intent_ranking"]]


def _name(label: str) -> str:
    return label.replace("/", SLASH)
