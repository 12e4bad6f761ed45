"""The words that were searched, shown where somebody wrote them."""

import re
from collections.abc import Callable

from directory.text import fold
from journal.finding import WHOLE, searched

_WORD = re.compile(r"\w+")


def marker(words: str | None) -> Callable[[str], list[tuple[str, bool]]]:
    """Return what cuts a text into (piece, whether it was searched), by the rule of `journal.finding.holding`; whole words are marked."""
    asked = searched(words or "")

    def found(word: str) -> bool:
        folded = fold(word)
        return any(folded == each if len(each) <= WHOLE else folded.startswith(each) for each in asked)

    def cut(text: str) -> list[tuple[str, bool]]:
        pieces, end = [], 0
        for match in filter(lambda each: found(each[0]), _WORD.finditer(text)) if asked else ():
            pieces += [(text[end : match.start()], False), (match[0], True)]
            end = match.end()
        return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]

    return cut
