"""What a request advises with: the sentences on disk, the labels with the titles of the checked answers, the names of the directory."""

from flask import current_app
from sqlalchemy import select

from console.databases import directory_session, journal_session
from console.mending.advice import Desk
from console.mending.labels import Label, read_labels
from console.mending.sentences import Sentences, Shelf
from directory.models import Actor, ActorAlias, Service, Territory, TerritoryAlias
from directory.queries import answers_query, directory_version
from directory.text import fold, typographic
from journal.corrections import accepted_sentences
from journal.personal import mask

NAMES = "console_known_names"
NAMED = (Territory.name, TerritoryAlias.name, Actor.name, Actor.short_name, ActorAlias.name, Service.name)


def shelf() -> Shelf:
    """Return where the console that answers reads its sentences."""
    return current_app.extensions["console_shelf"]


def labels(sentences: Sentences) -> dict[str, Label]:
    """Return the labels of the training data, by code, as the directory calls their answers."""
    topics = {
        each.slug: (typographic(each.label), typographic(each.question)) for each in directory_session(write=False).scalars(answers_query())
    }
    return read_labels(shelf().root, sentences, topics)


def desk() -> Desk:
    """Return what advice is given with.

    Raises:
        UnreadableSentences: the sentences on disk cannot be read.
    """
    sentences = shelf().sentences()
    return Desk(sentences, labels(sentences), mask, accepted_sentences(journal_session(write=False)), known_names())


def known_names() -> frozenset[str]:
    """Return the folded words of the names of places and organisations, read again when the directory changes."""
    session = directory_session(write=False)
    version, words = current_app.extensions.get(NAMES, (None, frozenset()))
    if version != (now := directory_version(session)):
        names = (name for column in NAMED for name in session.scalars(select(column)) if name)
        words = frozenset(word for name in names for word in fold(name).replace("'", " ").split())
        current_app.extensions[NAMES] = (now, words)
    return words
