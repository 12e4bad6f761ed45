"""What the words around a place name say: is it a place at all, of which level, denied, or only near?"""

from dataclasses import dataclass

from directory.places_everyday import MASK
from directory.places_names import Name
from directory.places_records import OUTSIDE
from directory.places_words import ARTICLES, Word

_DESIGNATED = {
    "mrc": "mrc", "comte": "mrc", "agglomeration": "mrc",
    "region": "region", "regions": "region",
    "ville": "municipality", "municipalite": "municipality", "village": "municipality", "canton": "municipality",
    "paroisse": "municipality", "commune": "municipality", "municipalites": "municipality",
    "secteur": "sector", "quartier": "sector", "arrondissement": "sector",
}  # fmt: skip
_ADJECTIVES = frozenset("administrative touristique urbaine metropolitaine regionale locale".split())
_PREPOSITIONS = frozenset("a de d dans en chez sur vers entre pres".split())
_CONTRACTED = {"au": "a", "aux": "a", "du": "de", "des": "de"}
_SUBJECTS = frozenset("on il elle ils elles ca y qui t m n j comite coop projet".split())
SITUATED = frozenset(
    "est es suis sommes etes sont habite habites habitons reste restes restons demeure vis vit vivons situe situee"
    " situes base basee bases installe installee ouvre ouvrir ouvert demarre demarrer part demenage vient viens pres"
    " proche rendu rendue ici localise localisee etabli etablie".split()
)
VENTURES = frozenset("coop obnl organisme entreprise projet".split())
_NEAR = frozenset(
    "pres proche loin autour alentours environs cote minutes minute min km kilometres heure heures voisin voisine"
    " peripherie banlieue".split()
)
_TITLES = frozenset("m mme mr monsieur madame mlle dr docteur maitre famille".split())
_MOST_FILLERS = 8
_REACH = 6
_LOCATES = frozenset("dans en au a sur pres mrc secteur".split())
_DEMONSTRATIVES = ("celui", "celle", "ceux", "celles")
_STREETS = frozenset("rue avenue av boulevard boul blvd chemin ch rang route autoroute pont hopital universite".split())
_STREETS_BARE = frozenset("place parc square ecole station metro fleuve golfe oratoire eglise chu".split())
_BARE = frozenset(
    "a au aux de du des d l la le les en dans sur oui ben euh bin bah eh non ok svp merci ville mrc region municipalite"
    " secteur quartier arrondissement village plutot alors disons s il vous plait".split()
)
_FILLERS = _BARE | frozenset(
    "c est ce cest je suis j on nous sommes bonjour salut allo habite reste viens vis ici pour chez moi celui celle ma mon ta notre".split()
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What precedes a name. `article` and `preposition` are normalised (« aux » gives les and a).

    `designated`: the level that a word before it announces (« MRC de »). `capital`: it bears a capital
    that a sentence would not give it. `accented`: the preposition is a written « à » or « au ». `alone`:
    the message says little else; `bare`: nothing else.
    """

    article: str
    first: int
    preposition: str
    accented: bool
    designated: str
    capital: bool
    alone: bool
    bare: bool
    not_a_place: bool
    negated: bool
    near: bool


def surroundings(text: str, words: list[Word], first: int, last: int, capitals_tell: bool) -> Surroundings:
    """Return what surrounds `words[first:last]`; `capitals_tell` is false in a text all in capitals."""
    article, preposition, at = _article_and_preposition(words, first)
    accented = at >= 0 and text[words[at].start : words[at].end].lower() in ("à", "au", "aux") and preposition == "a"
    before = at if preposition in _PREPOSITIONS else _before_article(words, first)
    designated, before = _designator(words, before, preposition)
    if preposition == "a" and not accented and _is_verb(words, at):
        preposition = ""
    return Surroundings(
        article=article,
        first=first - 1 if article and words[first - 1].key in ("le", "la", "l", "les") else first,
        preposition=preposition,
        accented=accented or (preposition == "a" and _key_before(words, at) in SITUATED | VENTURES),
        designated=designated,
        capital=capitals_tell and words[first].capital and _capital_tells(text, words, first, last),
        alone=_alone(words, first, last, _FILLERS),
        bare=_alone(words, first, last, _BARE),
        not_a_place=_in_an_address(text, words[first].start) or _street_or_title(words, first, preposition, at),
        negated=_negated(words, before),
        near=preposition == "de" and _key_before(words, at) in _NEAR,
    )


def admitted(name: Name, around: Surroundings) -> bool:
    """Return whether `name` is a place here, given how easily it is mistaken for something else."""
    if name.kind == MASK:
        return True
    if around.not_a_place:
        return False
    if not name.guard:
        return True
    if name.guard == "organisations":
        return around.designated == "sector"
    if around.designated:
        return True
    if name.article != around.article and name.kind != OUTSIDE:
        return False
    return _told_apart(name.guard, around)


def _told_apart(guard: str, around: Surroundings) -> bool:
    if guard == "names":
        return around.alone or around.capital or bool(around.preposition)
    if guard == "words":
        return around.bare or around.capital or (around.preposition == "a" and around.accented)
    return around.bare or (around.capital and bool(around.preposition))


def _article_and_preposition(words: list[Word], first: int) -> tuple[str, str, int]:
    """Return the article, the preposition and the index of the latter (or -1) before `words[first]`."""
    at = first - 1 if words[first].joined else -1
    if at < 0:
        return "", "", -1
    key = words[at].key
    if key in _CONTRACTED:
        return ARTICLES[key], _CONTRACTED[key], at
    article = ARTICLES.get(key, "")
    if article:
        at = at - 1 if words[at].joined else -1
    if at >= 0 and words[at].key in _PREPOSITIONS:
        return article, "de" if words[at].key == "d" else words[at].key, at
    return article, "", -1


def _before_article(words: list[Word], first: int) -> int:
    """Return the index of the word from which the article of `words[first]` (or itself) is counted."""
    has_article = words[first].joined and words[first - 1].key in ARTICLES
    return first - 1 if has_article else first


def _designator(words: list[Word], at: int, preposition: str) -> tuple[str, int]:
    """Return the level announced just before `words[at]`, and the index where that announcement begins."""
    if preposition not in ("", "de"):
        return "", at
    before = _skip_adjective(words, at)
    if before < 0 or words[before].key not in _DESIGNATED:
        return "", at
    level = _DESIGNATED[words[before].key]
    while words[before].joined and (words[before - 1].key in ARTICLES or words[before - 1].key in _PREPOSITIONS):
        before -= 1
    return level, before


def _skip_adjective(words: list[Word], at: int) -> int:
    before = at - 1 if at >= 0 and words[at].joined else -1
    if before > 0 and words[before].key in _ADJECTIVES and words[before].joined:
        return before - 1
    return before


def _key_before(words: list[Word], at: int) -> str:
    return words[at - 1].key if at > 0 and words[at].joined else ""


def _is_verb(words: list[Word], at: int) -> bool:
    return _key_before(words, at) in _SUBJECTS


def _capital_tells(text: str, words: list[Word], first: int, last: int) -> bool:
    """Return whether a capital is more than that of a first word (« Clermont dans Charlevoix » tells)."""
    if not _starts_sentence(text, words, first):
        return True
    return last < len(words) and words[last].key in _LOCATES


def _starts_sentence(text: str, words: list[Word], first: int) -> bool:
    if first == 0:
        return True
    gap = text[words[first - 1].end : words[first].start]
    return any(sign in gap for sign in '.!?\n:;«"') and not words[first].joined


def _alone(words: list[Word], first: int, last: int, fillers: frozenset[str]) -> bool:
    if len(words) - (last - first) > _MOST_FILLERS:
        return False
    return all(word.key in fillers for word in (*words[:first], *words[last:]))


def _in_an_address(text: str, start: int) -> bool:
    """Return whether the name is a piece of a web or e-mail address (« coop.quebec »)."""
    return start > 1 and text[start - 1] in ".@_" and text[start - 2].isalnum()


def _street_or_title(words: list[Word], first: int, preposition: str, at: int) -> bool:
    key = _key_before(words, first)
    if key in _TITLES or key in _STREETS or key in _STREETS_BARE:
        return True
    return preposition == "de" and _key_before(words, at) in _STREETS


def _negated(words: list[Word], at: int) -> bool:
    if _key_before(words, at) in _DEMONSTRATIVES:
        at -= 1
    key, earlier = _key_before(words, at), _key_before(words, at - 1)
    if key in ("pas", "ni", "non"):
        return True
    if key in ("que", "qu"):
        return any(word.key == "plutot" for word in words[max(0, at - _REACH) : at])
    if key == "lieu":
        return earlier == "au"
    return key == "plus" and earlier in SITUATED
