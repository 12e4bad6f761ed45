"""What intents are called in French: the registry's words, then those of the mending pages; a topic is its checked answer."""

from collections.abc import Mapping
from functools import lru_cache

import yaml

from console.mending.intents_told import NAMES
from settings import PROJECT_ROOT

REGISTRY = PROJECT_ROOT / "data" / "nlu" / "intents.yml"
TOPIC = "ask_topic/"


@lru_cache
def names() -> dict[str, str]:
    """Return the names of the intents and of their parts (`find_support/mentorat`), by code, in the order of their names."""
    registry = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    told = {code: entry.get("label") or NAMES.get(code, code) for code, entry in registry.items()} | {
        code: name for code, name in NAMES.items() if code not in registry
    }
    return dict(sorted(told.items(), key=lambda item: item[1].casefold()))


def name_of(label: str, topics: Mapping[str, str] | None = None) -> str:
    """Return what a label is called: a topic by the title of its answer in `topics`, another by its name; its code when it has none."""
    if label.startswith(TOPIC):
        slug = label.removeprefix(TOPIC)
        return (topics or {}).get(slug, slug.replace("_", " "))
    return names().get(label) or names().get(label.split("/")[0]) or label
