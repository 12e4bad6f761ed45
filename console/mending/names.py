"""Words of a sentence that may be the name of a person: a suggestion to whoever reads it, never a guarantee.

Names are not found by a model: staff read the sentence anyway, and are better served by a simple rule that they can foresee.
"""

import re
from collections.abc import Collection, Iterable

from directory.text import fold

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# What announces a name, whatever its case.
_ANNOUNCED = re.compile(
    r"\b(?:je m['’ ]?appelle|mon nom (?:c['’]?est|est)|moi c['’]?est|au nom de|m\.|mr\.?|mme\.?|monsieur|madame|mademoiselle)\s+"
    r"(?P<name>[^\W\d_]+(?:['’-][^\W\d_]+)*)",
    re.IGNORECASE,
)
# « Saint-Denis », « rue Marie-Victorin »: names of places.
_OF_A_PLACE = re.compile(r"(?:\b(?:st|ste|saint|sainte|rue|avenue|boulevard|chemin|mont|lac|ville|mrc|école)[ -])$", re.IGNORECASE)
# First names and surnames that many bear in Québec, without those that are everyday words or places.
_BORNE = frozenset(
    """
    adam alain alexandre alexis alice amelie andre andree anne annie antoine audrey benoit bernard brigitte camille carole caroline
    catherine celine chantal charlotte christian christine claude claudette daniel danielle david denise diane dominique elise
    elizabeth emilie emma emmanuel eric etienne fatima florence francine francois francoise frederic gabriel gabrielle genevieve gerard
    ghislain gilles ginette guillaume guylaine helene isabelle jacinthe jacques jean jeanne jerome jocelyne johanne jonathan josee
    joseph julie julien karine kevin laurence laurent leo linda lise louis louise luc lucie manon marc marcel margot marie martin
    martine mathieu maxime melanie melissa michel michele mireille mohamed monique nadia nancy nathalie nicolas nicole noemie normand
    olivier pascal patrick paul pauline philippe pierrette raphael raymond rejean rene renee richard robert roger samuel sandra
    sebastien serge simon sophie stephane stephanie suzanne sylvain sylvie therese thomas valerie veronique vincent yves yvon zachary
    zoe
    arsenault beaulieu beaudoin belanger bergeron bernier bertrand bilodeau blais boisvert bolduc bouchard boucher boudreau caron
    charbonneau cloutier couture dion dube dubois dufour dupuis emond fournier gagnon gauthier gervais girard giroux goulet gosselin
    gravel grenier guay hamel hebert houle jobin labelle lachance lacroix lalonde landry langlois lapierre lapointe larouche lavoie
    leblanc leclerc lefebvre lemieux lessard levesque martel mercier michaud morin nadeau nguyen ouellet ouellette paquette paradis
    pelletier perreault plante poirier poulin proulx raymond renaud rousseau savard simard st-pierre tanguay theriault therrien
    thibault tremblay trudel turcotte vachon vaillancourt villeneuve
    """.split()
)


def probable_names(text: str, ordinary: Collection[str], known: Collection[str]) -> list[str]:
    """Return the words of `text` that may name a person, in order, each once.

    `ordinary` holds the folded words that people write in small letters, `known` those of the names of places and organisations.
    """
    found: dict[str, None] = {match["name"]: None for match in _ANNOUNCED.finditer(text) if fold(match["name"]) not in ordinary}
    for match in _TOKEN.finditer(text):
        word, folded = match[0], fold(match[0])
        if _OF_A_PLACE.search(text[: match.start()]):
            continue
        if folded in _BORNE or (_is_capitalised(word) and not _is_told(folded, ordinary, known)):
            found[word] = None
    return sorted(found, key=text.find)


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and any(letter.islower() for letter in word)


def _is_told(folded: str, ordinary: Collection[str], known: Collection[str]) -> bool:
    """Each part of a word (« d'Alma », « Trois-Rivières ») is an everyday word, or of a name that the directory holds."""
    parts = folded.replace("'", " ").split()
    return all(len(part) == 1 or part in ordinary or part in known for part in parts)


def small_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the folded words that are somewhere written in small letters."""
    small = {word for text in texts for word in _TOKEN.findall(text) if word[0].islower()}
    return frozenset(part for word in small for part in fold(word).replace("'", " ").split())
