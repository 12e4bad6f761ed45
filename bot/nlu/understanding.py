"""From the ranking of labels to a decision: which intent, or none surely enough.

A few things are decided without the model, because a slip there is costly or because there is nothing to
rank: danger to a person, a masked personal number, English, noise. Pure: no Rasa here.
"""

import re
from collections.abc import Sequence
from typing import Any

from bot.nlu.wordings import WordingModel
from directory.text import fold

FALLBACK = "nlu_fallback"
NOISE = "noise"
LOCAL = "find_local_actor"
_DANGER = re.compile(
    r"\bsuicid|\b(?:me|m'|se|s') ?(?:tue|tuer|tirer une balle|pendre|jeter (?:en bas|du pont))\b|\ben finir\b(?! avec (?!la vie|ma vie|tout\b|moi))"
    r"|envie de (?:mourir|disparaitre)|plus (?:envie|le gout) de vivre|\bmettre fin a mes jours|\bm'enlever la vie|\bj'?veux mourir"
    r"|(?:vouloir|veux|voudrais|gout de) (?:mourir|crever)\b|\bpu le gout de vivre"
)
_MASKED_NUMBER = re.compile(r"\[(?:NAS|CARTE|RAMQ)_\d+\]")
_ENGLISH = set(
    "the is are do does you your i we what how who where can could would should my our a an for with to of in it that this"
    " have has need want help please loan about start don't speak english not and be get there any or at from".split()
)
_FRENCH = set(
    "le la les un une des du de je on nous vous est es c'est ca pour avec dans sur qui que quoi comment combien ou et pis"
    " mon ma notre nos votre pas plus faut peut a au aux en y ya tu ce cette svp bonjour salut allo merci".split()
)
_SENTENCE = re.compile(r"(?<=[?!.])\s+")
_ASKS = re.compile(r"\b(?:combien|comment|qui|quels?|quelles?|quoi|ou est|est ce que)\b|(?:peut|faut|a|est|fait|y|va)[ -]tu\b")
_FED_UP = re.compile(r"\ben finir avec (?!la vie|ma vie|tout\b|moi)")
_TAX = re.compile(r"\bimpots?\b|\bfiscal\w*|\bimposable|\bpoursuivre en justice|\ben cour\b")
# A word that answers us (« oui », « annule ») must be surer than a question: acting on it loses the thread.
SHORT_ANSWERS = frozenset(
    "affirm deny dont_know refuse_to_say cancel start_over show_more another_option thank goodbye greet laugh_or_compliment".split()
)
SHORT_ANSWER = 0.30
OUTSIDE = ("near_miss", "out_of_scope")
# Below this, a reading is weak: the links and the likelihood of an outside subject may turn it.
WEAK, OUTSIDE_SHARE = 0.35, 0.5
# A story (in words) is read by its question when that question is sure enough.
STORY, SURE_QUESTION = 18, 0.4
KNOWN_ENOUGH = 0.34
_SPLIT = re.compile(r"\s*(?:[?!.;]\s+|\bpis\b|\bpuis\b|\bet\b|\bainsi que\b|\baussi\b,?|, )\s*", re.IGNORECASE)


class Understander:
    """Decides on each message; `config` holds `threshold` (0..1) and `kept` (labels of the ranking to pass on)."""

    def __init__(self, model: WordingModel, config: dict[str, Any]):
        self._model, self._threshold, self._kept = model, config["threshold"], config["kept"]

    def read(self, text: str, entities: list[dict[str, Any]], words: Sequence[tuple[str, bool]] = ()) -> dict[str, Any]:
        """Return `intent`, `intent_ranking`, `ranking` (label, probability) and `parts` of a message.

        `words` are the words of the message, each with whether it is French.
        """
        if decided := self._without_model(text, entities, words):
            return _result(decided, 1.0, [(decided, 1.0)], [])
        ranking = self._model.rank(text)
        if ranking[0][1] < WEAK and (asked := self._by_sentence(text)):
            surer = len(text.split()) >= STORY and asked[0][1] >= SURE_QUESTION
            ranking = asked if surer or ranking[0][1] < self._threshold else ranking
        ranking = settled(ranking, text, entities)
        label, confidence = ranking[0]
        if confidence < (SHORT_ANSWER if label in SHORT_ANSWERS else self._threshold):
            label = FALLBACK
        return _result(label, confidence, ranking[: self._kept], self._parts(text, label))

    def _without_model(self, text: str, entities: list[dict[str, Any]], words: Sequence[tuple[str, bool]]) -> str | None:
        folded = fold(text)
        if _DANGER.search(folded):
            return "distress"
        if _MASKED_NUMBER.search(text):
            return "store_personal_data"
        if not re.search(r"[a-z0-9]", folded):
            return NOISE
        if is_english(folded):
            return "speak_english"
        if not entities and self._known_share(words) < KNOWN_ENOUGH:
            return NOISE
        return None

    def _known_share(self, words: Sequence[tuple[str, bool]]) -> float:
        """Return the share of words that are French or that training saw; 1 when there is no word to judge."""
        return sum(french or word in self._model.words for word, french in words) / len(words) if words else 1.0

    def _by_sentence(self, text: str) -> list[tuple[str, float]] | None:
        """Return the surest ranking of the sentences of a story, the question first; None for a single sentence."""
        sentences = [s for s in _SENTENCE.split(text) if len(s.split()) >= 3]
        if len(sentences) < 2:
            return None
        asked = [s for s in sentences if s.rstrip().endswith("?") or _ASKS.search(fold(s))]
        return max((self._model.rank(s) for s in asked or sentences), key=lambda ranking: ranking[0][1])

    def _parts(self, text: str, label: str) -> list[dict[str, Any]]:
        """Return the readings of the parts of a message that may ask two things; empty for one question."""
        pieces = [p for p in _SPLIT.split(text) if len(p.split()) >= 3]
        if len(pieces) != 2 or not label.startswith(("ask_", FALLBACK)):
            return []
        return [{"text": piece, "ranking": self._model.rank(piece)[:8]} for piece in pieces]


def is_english(folded: str) -> bool:
    """Return whether a folded text is English rather than French with English words."""
    words = folded.split()
    english, french = sum(w in _ENGLISH for w in words), sum(w in _FRENCH for w in words)
    return english >= 2 and english > 3 * french and english >= 0.35 * len(words)


def settled(ranking: list[tuple[str, float]], text: str, entities: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Return `ranking` after what the links and the language settle: a French sentence is not « English »; a kind of
    organisation with a place asks who serves the place."""
    said = {e["entity"] for e in entities}
    label, confidence = ranking[0]
    french = sum(w in _FRENCH for w in fold(text).replace("'", " ").split())
    if label == "speak_english" and french >= 2:
        return [*ranking[1:], (label, 0.0)]
    near = [name for name, _ in ranking[:6]]
    if label == "distress" and _FED_UP.search(fold(text)):
        # Danger in words was looked for before: « en finir avec la paperasse » is not it.
        return [*ranking[1:], (label, 0.0)]
    if _TAX.search(fold(text)) and confidence < 0.5 and not label.startswith("ask_topic/ric"):
        return [("legal_tax_advice", max(confidence, 0.5)), *(pair for pair in ranking if pair[0] != "legal_tax_advice")]
    if confidence < WEAK and label not in OUTSIDE and not said & {"actor", "service"}:
        outside = [pair for pair in ranking[:8] if pair[0] in OUTSIDE]
        if sum(share for _, share in outside) >= OUTSIDE_SHARE * confidence:
            return [outside[0], *(pair for pair in ranking if pair != outside[0])]
    if (
        confidence < WEAK
        and {"place", "need"} <= said
        and (search := next((n for n, _ in ranking[:15] if n.startswith("find_support/")), None))
    ):
        return [(search, confidence), *(pair for pair in ranking if pair[0] != search)]
    if {"actor_kind", "place"} <= said and len(text.split()) <= 12 and LOCAL in near and not label.startswith("find_support"):
        return [(LOCAL, max(confidence, 0.5)), *(pair for pair in ranking if pair[0] != LOCAL)]
    return ranking


def _result(label: str, confidence: float, ranking: list[tuple[str, float]], parts: list[dict[str, Any]]) -> dict[str, Any]:
    name = label.split("/")[0]
    return {
        "intent": {"name": name, "confidence": round(confidence, 4)},
        "intent_ranking": [{"name": n, "confidence": round(c, 4)} for n, c in _by_intent(ranking)[:5]],
        "ranking": [[n, round(c, 4)] for n, c in ranking],
        "parts": parts,
    }


def _by_intent(ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for label, confidence in ranking:
        best.setdefault(label.split("/")[0], confidence)
    return list(best.items())
