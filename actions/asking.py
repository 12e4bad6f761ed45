"""Whether a text asks something, by its marks: a question word, « -tu », a question mark."""

import re

from directory.text import fold

_QUESTION = re.compile(
    r"\b(?:combien|comment|pourquoi|quel\w*|quoi|est ce que|qu'est|ou est|quand|c'est qui)\b|(?:peut|faut|a|est|fait|sont|ont|y|va)[ -]tu\b"
)

# « Prendrait-tu », « sont-ils »: read before the hyphen is lost.
_INVERTED = re.compile(r"\w-(?:tu|t-(?:il|elle|on)|ils?|elles?|on)\b|(?<!rendez)-vous\b", re.IGNORECASE)


def asks(text: str) -> bool:
    """Return whether `text` has the marks of a question."""
    return "?" in text or bool(_INVERTED.search(text)) or bool(_QUESTION.search(fold(text)))
