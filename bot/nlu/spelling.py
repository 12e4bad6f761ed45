"""One spelling for what people type in many: SMS words, postal codes, slips in the words of a project.

Both the wording model and the tables of the profile read `plain` text, so « c koi le max » and
« c'est quoi le max » are one sentence. Real French words are never taken for a slip.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from directory.text import fold

POSTAL_CODE = "codepostal"
_MARK = re.compile(r"\[[A-Z_]{3,12}_\d+\]")
_POSTAL = re.compile(
    r"\[CODE_POSTAL \w{3}\]"
    r"|(?<![\w$])(?:[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ \u00a0-]?\d[ABCEGHJ-NPRSTV-Z]\d|[GHJ]\d[ABCEGHJ-NPRSTV-Z])(?!\w)",
    re.IGNORECASE,
)
_SMS = {
    "c": "c'est", "koi": "quoi", "kwa": "quoi", "kess": "qu'est-ce", "kesse": "qu'est-ce que", "ke": "que", "ki": "qui",
    "kel": "quel", "kelle": "quelle", "kelke": "quelque", "kan": "quand", "kom": "comme", "koman": "comment",
    "komment": "comment", "cb": "combien", "cmb": "combien", "cbn": "combien", "kombien": "combien", "konbien": "combien",
    "esk": "est-ce que", "eske": "est-ce que", "jsp": "je sais pas", "jspas": "je sais pas", "chais": "je sais",
    "jsais": "je sais", "chui": "je suis", "chu": "je suis", "jsuis": "je suis", "jveux": "je veux", "jve": "je veux",
    "jpeux": "je peux", "slt": "salut", "bjr": "bonjour", "bsr": "bonsoir", "bcp": "beaucoup", "ossi": "aussi",
    "tjrs": "toujours", "tjs": "toujours", "qqn": "quelqu'un", "qqun": "quelqu'un", "qqch": "quelque chose",
    "qqchose": "quelque chose", "pcq": "parce que", "pkoi": "pourquoi", "pk": "pourquoi", "pq": "pourquoi", "fau": "faut",
    "fo": "faut", "fere": "faire",
    "ds": "dans", "pr": "pour", "ac": "avec", "qd": "quand", "dsl": "désolé", "stp": "svp", "msg": "message",
    "rdv": "rendez-vous", "pcke": "parce que",
}  # fmt: skip
_FOLDED_SMS = {fold(short): fold(long) for short, long in _SMS.items()}
# The words that tell a project: a slip of one letter in them is read through.
_WORDS = (
    "accompagnement", "administrateur", "association", "batiment", "consolidation", "cooperative", "croissance", "demarrage",
    "emprunt", "financement", "formation", "gouvernance", "immeuble", "mentorat", "predemarrage", "reseautage", "subvention",
)  # fmt: skip
# Words of their own, one letter away from the ones above.
_SPARED = {"batirent", "batiments", "croissante", "croissances", "gouvernante", "redemarrage", "financerent", "emprunta", "empruntee"}
_SHORTEST_SLIP = 6


def plain(text: str) -> str:
    """Return `text` folded, with SMS words at length, postal codes as one word, and slips in the words of a project mended."""
    folded = fold(_MARK.sub(" ", _POSTAL.sub(f" {POSTAL_CODE} ", text)))
    return " ".join(_word(word) for word in folded.split())


def _word(word: str) -> str:
    if word in _FOLDED_SMS:
        return _FOLDED_SMS[word]
    before, apostrophe, last = word.rpartition("'")
    return f"{before}{apostrophe}{_mended(last)}"


@lru_cache(maxsize=20_000)
def _mended(word: str) -> str:
    """Return the word of a project that `word` is one slip away from, else `word`; a longer form (« mentorats ») is no slip."""
    if len(word) < _SHORTEST_SLIP or word in _SPARED or word.startswith(_WORDS):
        return word
    near = [known for known in _WORDS if OSA.distance(word, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else word
