"""The keyword search that a small team would write: BM25 over the answers, in a process of its own.

Reads one JSON request a line and answers one JSON line, as `bench/peers/nlpjs/serve.js` does:

    {"verb": "train", "texts": [[text, label]], "model": file}  -> {"saved": true}
    {"verb": "load", "model": file}                             -> {"ready": true}
    {"verb": "say", "text": text, "conversation": name}         -> {"label", "score", "ms", "cpu_ms"}
    {"verb": "saturate", "talks": [[text]]}                     -> {"seconds": time for all the turns}

Every answer has resident_mb. Nothing is learnt: training writes the texts down, loading indexes them. There is no
conversation either: a message is a query.
"""

import json
import re
import sys
import time
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from rank_bm25 import BM25Okapi

from bench.processes import resident_mb
from bot.nlu.noise import strip_accents

# Below, nothing is found. Of held-out sentences of data/nlu, the first decile scores 6.4 inside and 5.9 outside with the sample,
# 10.7 and 8.3 with all the data: no score tells them apart, and this one loses few of the first.
THRESHOLD = 7.0
NONE = "None"


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case, without accents, in order."""
    return re.findall(r"\w+", strip_accents(text).lower())


class Search:
    """An index of labelled texts; several may share a label."""

    def __init__(self, texts: list[list[str]]):
        self._labels = [label for _, label in texts]
        self._index = BM25Okapi([words(text) for text, _ in texts])

    def best(self, text: str) -> tuple[str, float]:
        """Return the label of the text that answers best and its score; NONE under THRESHOLD."""
        scores = self._index.get_scores(words(text))
        i = int(scores.argmax())
        return (self._labels[i] if scores[i] >= THRESHOLD else NONE), float(scores[i])


def say(search: Search, text: str) -> dict[str, Any]:
    """Return what is answered to `text`, with the milliseconds it took, and of processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    label, score = search.best(text)
    return {"label": label, "score": score, "ms": 1000 * (time.perf_counter() - wall), "cpu_ms": 1000 * (time.process_time() - cpu)}


def saturate(search: Search, talks: list[list[str]]) -> dict[str, Any]:
    """Say the messages of all the talks, a turn each in turn: the search has nothing to wait for."""
    started = time.perf_counter()
    for text in filter(None, chain.from_iterable(zip_longest(*talks))):
        search.best(text)
    return {"seconds": time.perf_counter() - started}


def main() -> None:
    """Answer the requests of standard input until it closes."""
    search: Search | None = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["verb"] == "train":
            Path(request["model"]).write_text(json.dumps(request["texts"]), encoding="utf-8")
            answer = {"saved": True}
        elif request["verb"] == "load":
            search = Search(json.loads(Path(request["model"]).read_text(encoding="utf-8")))
            answer = {"ready": True}
        elif request["verb"] == "say":
            answer = say(search, request["text"])
        else:
            answer = saturate(search, request["talks"])
        print(json.dumps(answer | {"resident_mb": resident_mb()}), flush=True)


if __name__ == "__main__":
    main()
