"""Whether a text asks something, by its marks: a question word, « -tu », a question mark."""

import re

from directory.text import fold

_QUESTION = re.compile(
    r"\b(?:combien|comment|pourquoi|quel\w*|quoi|est ce que|qu'est|ou est|quand|c'est qui)\b|(?:peut|faut|a|est|fait|sont|ont|y|va)[ -]tu\b"
)


def asks(text: str) -> bool:
    """Return whether `text` has the marks of a question."""
    return "?" in text or bool(_QUESTION.search(fold(text)))
