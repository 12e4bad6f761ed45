"""What staff read in place of the codes of the needs map."""

from console.filters import count
from directory.vocabulary import NEEDS
from journal.models import ABANDONED, ANSWERED, GREETED, UNANSWERED
from journal.results import MET, NONE, UNMET
from journal.small_counts import FEW, MASKED

MARKS = {FEW: "moins\u00a0de\u00a05", MASKED: "masqué"}
RESULTS = {
    MET: "besoin comblé",
    UNMET: "besoin non comblé",
    ABANDONED: "recherche abandonnée",
    ANSWERED: "question répondue",
    UNANSWERED: "question sans réponse",
    GREETED: "salutation seule",
}
# The last row, or column, where it sums the others.
ALL_TOGETHER = "Ensemble"
NEEDS_TOLD = {MET: "Besoins comblés", UNMET: "Besoins non comblés"}
SHARE = "Part non comblée"
WAITED = {
    "need": "le besoin",
    "place": "le lieu",
    "legal_form": "la forme juridique",
    "stage": "l’étape du projet",
    "amount": "le montant",
    NONE: "non précisée",
}
RATINGS = {"up": "pouce en haut", "down": "pouce en bas", NONE: "sans avis"}


def theme(code: str) -> str:
    """Return what a theme is called."""
    return "besoin non précisé" if code == NONE else NEEDS.get(code, code)


def counted(number: int, one: str, several: str) -> str:
    """Return a number with its noun: « 1 autre question », « 3 autres questions »."""
    return f"{count(number)}\u00a0{several if number > 1 else one}"
