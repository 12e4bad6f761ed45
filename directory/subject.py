"""What a project is about: the words of a sentence that tell it, and how many of them a service shares."""

import re

from sqlalchemy.engine import Row

from directory.text import fold

_GENERIC_WORDS = frozenset(
    "entreprise entreprises collective collectives collectif economie sociale cooperative cooperatives coop coops obnl"
    " organisme organismes projet projets aide aider service services quebec region financement pret prets demarrage"
    " mentorat mentor accompagnement formation besoin besoins cherche cherchons bonjour notre votre leurs leur pour"
    " avec dans sans plus mais tout tous toute faire avoir etre quelqu'un comment combien montant dollars milieu"
    " developpement local offre partir lancer encore comme aussi deja trop apres avant entre chez depuis aimerait"
    " aimerais voudrait voudrais conseil conseils gestion marche".split()
)


def telling_words(words: str) -> set[str]:
    """Return the stems of the words of a sentence that say what a project is about."""
    return {stem(w) for w in fold(words).replace("'", " ").split() if len(w) > 4 and w not in _GENERIC_WORDS}


def subject_words(row: Row, told: set[str]) -> int:
    """Return how many of the words `told` the service is about."""
    if not told:
        return 0
    text = " ".join(filter(None, (row.name, row.summary, row.actor_name, *row.uses)))
    return len(told & {stem(w) for w in fold(text).replace("'", " ").split() if w not in _GENERIC_WORDS})


def stem(word: str) -> str:
    """Return `word` without the endings of gender and number."""
    return re.sub(r"(?:s|x|e|es|aux|al)$", "", word)
