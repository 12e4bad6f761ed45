"""Finding conversations by the words that people wrote: how the words are kept, and how they are looked for.

On PostgreSQL, the migration `20261130_journal_words_search` adds a column `vector` of these words with its index.
"""

import re

from sqlalchemy import Boolean, String, and_, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from directory.text import fold
from journal.models import Conversation, Words

# What is looked for at once, in words; and of a word, in signs.
MOST_WORDS, LONGEST_WORD = 8, 60
# A word that is no longer is looked for whole: nearly every conversation has one that begins with « le ».
WHOLE = 3


def words_of(text: str) -> list[str]:
    """Return the words of `text`, folded, in order: letters and digits only (« l’argent » is two words)."""
    return re.sub("['$%]", " ", fold(text)).split()


def searched(text: str) -> list[str]:
    """Return the words that are looked for: the first eight of `text`, each once."""
    return [word[:LONGEST_WORD] for word in dict.fromkeys(words_of(text))][:MOST_WORDS]


def holding(text: str) -> ColumnElement:
    """Return whether a conversation holds all the words of `text` (the first eight, of one at least), each whole or as the beginning of a
    longer one; a short one whole only."""
    asked = [(_Is if len(word) <= WHOLE else _Begins)(Words.words, literal(word, String)) for word in searched(text)]
    return Conversation.id.in_(select(Words.conversation_id).where(and_(*asked)))


class _Begins(FunctionElement):
    """Whether one of the kept words begins with a word, which is made of letters and digits."""

    type = Boolean()
    inherit_cache = True
    name = "begins"


class _Is(FunctionElement):
    """Whether one of the kept words is a word, which is made of letters and digits."""

    type = Boolean()
    inherit_cache = True
    name = "is"


@compiles(_Is)
def _by_reading_whole(element: _Is, compiler: SQLCompiler, **options: object) -> str:
    column, word = element.clauses
    return f"instr({compiler.process(column, **options)} || ' ', ' ' || {compiler.process(word, **options)} || ' ') > 0"


@compiles(_Is, "postgresql")
def _by_index_whole(element: _Is, compiler: SQLCompiler, **options: object) -> str:
    _, word = element.clauses
    return f"{Words.__tablename__}.vector @@ to_tsquery('simple', {compiler.process(word, **options)})"


@compiles(_Begins)
def _by_reading(element: _Begins, compiler: SQLCompiler, **options: object) -> str:
    column, word = element.clauses
    return f"instr({compiler.process(column, **options)}, ' ' || {compiler.process(word, **options)}) > 0"


@compiles(_Begins, "postgresql")
def _by_index(element: _Begins, compiler: SQLCompiler, **options: object) -> str:
    _, word = element.clauses
    return f"{Words.__tablename__}.vector @@ to_tsquery('simple', {compiler.process(word, **options)} || ':*')"
