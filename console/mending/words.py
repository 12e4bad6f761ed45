"""What staff read in place of the codes of mending."""

from journal.corrections import OFF_TOPIC, PERSONAL, UNDERSTOOD, UNREADABLE
from journal.misunderstood import DOUBTFUL, DOWN, FALLBACK, FLAGGED, REPHRASED
from journal.review_models import ACCEPTED, EXPORTED, IGNORED

SIGNS = {
    FLAGGED: "signalée par l’équipe",
    FALLBACK: "pas comprise",
    DOWN: "pouce vers le bas",
    REPHRASED: "redite autrement",
    DOUBTFUL: "lecture peu sûre",
}
REASONS = {
    OFF_TOPIC: "hors sujet",
    UNREADABLE: "illisible",
    UNDERSTOOD: "déjà comprise",
    PERSONAL: "renseignement personnel",
}
STATES = {ACCEPTED: "à exporter", EXPORTED: "exportées", IGNORED: "ignorées"}


def phrases(count: int) -> str:
    """Return « 1 phrase », « 12 phrases »."""
    return f"{count}\u00a0phrase{'s' if count > 1 else ''}"
