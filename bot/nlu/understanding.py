"""From the ranking of labels to a decision: which intent, or none surely enough.

A few things are decided without the model, because a slip there is costly or because there is nothing to
rank: danger to a person, a masked personal number, English, noise. Pure: no Rasa here.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.nlu.fact import fact_asked, names_said, settled_by_fact, without_names
from bot.nlu.settling import FRENCH, OUTSIDE, UNHELD, WEAK, settled
from bot.nlu.spelling import POSTAL_CODE, plain
from bot.nlu.wordings import WordingModel, calibrated
from directory.text import fold

FALLBACK = "nlu_fallback"
NOISE = "noise"
_DANGER = re.compile(
    r"\bsuicid|\b(?:me|m'|se|s') ?(?:tue|tuer|tirer une balle(?! dans (?:le|les) pieds?\b)|pendre|jeter (?:en bas|du pont))\b"
    r"|\ben finir\b(?! avec (?!la vie|ma vie|tout\b|moi))"
    r"|envie de (?:mourir|disparaitre)|plus (?:envie|le gout) de vivre|\bmettre fin a mes jours|\bm'enlever la vie|\bj'?veux mourir"
    r"|(?:vouloir|veux|voudrais|gout de) (?:mourir|crever)\b|\bpu le gout de vivre|\bme noyer\b|\bouv\w+ les veines|\bserv\w* contre moi\b"
    r"|\bmieux sans moi\b|\bsi j'existais (?:plus|pus|pas)\b|\breveill\w+ (?:plus jamais|jamais plus)\b|\bkill (?:myself|himself|herself)\b"
    r"|\bpens\w* (?:juste |souvent |des fois |rien qu')?a (?:mourir|la mort|ma mort|me faire (?:du )?mal)\b"
    r"|\bwant to die\b|\bend my life\b"
)
_MASKED_NUMBER = re.compile(r"\[(?:NAS|CARTE|RAMQ)_\d+\]")
_ENGLISH = set(
    "the is are do does you your i we what how who where can could would should my our a an for with to of in it that this"
    " have has need want help please loan about start don't speak english not and be get there any or at from".split()
)
_THANKS_IN_ENGLISH = re.compile(
    r"(?:ok(?:ay)? |great |perfect )?(?:thanks?|thank you|thx|ty)(?: so| very| a)?(?: much| lot)?(?: for (?!nothing)\w+(?: \w+){0,2})?\W*"
)
_BESIDE_A_PLACE = set(
    "a au aux de du des la le les l d en dans sur sous pres proche autour cote c est on suis je j habite reste nous sommes chez moi ici"
    " ville village municipalite mrc region quartier secteur euh ben bon ok oui et mais plutot quebec qc svp projet"
    " notre mon coin bin pis".split()
)
_CLAUSE = re.compile(r"(?<=[?!.,;:])\s+|\s+(?=(?:pis|et|mais|sinon)\s)", re.IGNORECASE)
_PERSONAL = re.compile(r"\[(?:COURRIEL|TELEPHONE|ADRESSE)_\d+\]")
_NUMBER = re.compile(r"\W*\d{1,3}\W*")
_SENTENCE = re.compile(r"(?<=[?!.])\s+")
# « Merci, et est-ce que… »: the question is what is said.
_THANKS = re.compile(
    r"^\W*(?:(?:ok|okay|bon|ben|super|parfait|d['’]accord|ah|oh|wow)\W+)*(?:merci|mersi|marci)(?: bien| beaucoup| ben gros)?\W+"
    r"(?:(?:et|pis|mais|puis|sinon)\W+)?(?=(?:\w+\W+){3})",
    re.IGNORECASE,
)
# After thanks, « qui » may be no question (« les infos qui m’aident »): these are surer than `_ASKS`.
_ASKS_ALONE = re.compile(
    r"^(?:qui|que|quoi|ou|quand|pourquoi)\b|\b(?:combien|comment|est[ -]ce qu|c'est quoi|quels?|quelles?|pourquoi)"
    r"|\b(?:peut|faut|a|est|fait|va|prete|demande)[ -]tu\b"
)
# Said of a project, not of a life.
_FIGURE = re.compile(r"\btir\w* une balle dans (?:le|les) pieds?\b", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:combien|comment|qui|quels?|quelles?|quoi|ou est|est ce que)\b|(?:peut|faut|a|est|fait|y|va)[ -]tu\b")
_BUT = re.compile(r"\bmais\b")
# A word that answers us (« oui », « annule ») must be surer than a question: acting on it loses the thread. So must a change that
# names nothing new.
CHANGES = ("change_place", "change_profile")
SHORT_ANSWERS = frozenset("affirm deny dont_know refuse_to_say cancel start_over thank goodbye greet laugh_or_compliment".split())
SHORT_ANSWER = 0.50
# A veiled danger is heard earlier than anything else, unless something of a project was linked and no feeling is near.
DANGER = 0.10
# « Not my subject » may be less sure than an answer: on development, nothing of ours is refused more at 0.15 than at 0.2.
OUTSIDE_ENOUGH = 0.15
# A story (in words) is read by its question when that question is sure enough.
STORY, SURE_QUESTION, MOST_PARTS = 18, 0.4, 3
_NOT_HERE = ("outside_place", "unknown_place")
KNOWN_ENOUGH = 0.34
# A message read so may ask something else besides.
_MAY_ASK_MORE = ("ask_", "find_support", "list_services", FALLBACK)
_AROUND_A_NAME = set("le la les l un une du de des d pour avec chez au aux a et bonjour allo salut".split())
_SPLIT = re.compile(r"(?<=[?!.;])\s+|\s*(?:\bpis\b|\bpuis\b|\bet\b|\bainsi que\b|\baussi\b,?|, )\s*", re.IGNORECASE)


class Understander:
    """Decides on each message; `config` holds `threshold` (a probability below which nothing is read) and `kept` (labels of the
    ranking to pass on)."""

    def __init__(self, model: WordingModel, config: dict[str, Any]):
        self._model, self._threshold, self._kept = model, config["threshold"], config["kept"]

    def read(self, text: str, entities: list[dict[str, Any]], words: Sequence[tuple[str, bool]] = ()) -> dict[str, Any]:
        """Return `intent`, `intent_ranking`, `ranking` (label, evidence), `parts` and `fact` (see `bot.nlu.fact`) of a message.

        `words` are the words of the message, each with whether it is French.
        """
        if decided := self._without_model(text, entities, words):
            return _result(decided, 1.0, [(decided, 1.0)], [], None)
        spared = {word for word, french in words if french}
        unnamed, named = without_names(text, entities), names_said(text, entities)
        typed = without_personal_data(_FIGURE.sub("nuire au projet", text))
        text = self._model.mended(past_thanks(typed), spared)
        ranking, *others = self._model.ranks([text, *([self._model.mended(without_personal_data(unnamed), spared)] if unnamed else [])])
        if text != typed and (as_typed := self._model.rank(typed))[0][0] == "distress":
            # Mending a slip never hides a danger.
            text, ranking = typed, as_typed
        story = len(text.split()) >= STORY
        # A story names much that is held nowhere: what it asks is read alone.
        if (ranking[0][1] < WEAK or (story and ranking[0][0] == UNHELD)) and (asked := self._by_sentence(text)):
            surer = story and asked[0][1] >= SURE_QUESTION
            ranking = asked if surer or calibrated(ranking) < self._threshold else ranking
        ranking = settled(ranking, text, entities)
        fact = fact_asked(ranking, others[0]) if others else None
        ranking = settled_by_fact(ranking, fact, entities)
        label, confidence = ranking[0][0], calibrated(ranking)
        # « Oui, mais… » agrees to nothing.
        a_but = label == "affirm" and _BUT.search(fold(text))
        if a_but or confidence < (SHORT_ANSWER if label in CHANGES and not entities else self._enough(label)):
            label = FALLBACK
        return _result(label, confidence, ranking[: self._kept], self._parts(text, label, named), fact)

    def _enough(self, label: str) -> float:
        if label in OUTSIDE:
            return OUTSIDE_ENOUGH
        return DANGER if label == "distress" else SHORT_ANSWER if label in SHORT_ANSWERS else self._threshold

    def _without_model(self, text: str, entities: list[dict[str, Any]], words: Sequence[tuple[str, bool]]) -> str | None:
        folded = fold(text)
        if _DANGER.search(folded) or _DANGER.search(plain(text)):
            return "distress"
        if _MASKED_NUMBER.search(text):
            return "store_personal_data"
        if not re.search(r"[a-z0-9]", folded):
            return NOISE
        if _NUMBER.fullmatch(text) or (plain(text) == POSTAL_CODE and _linked(entities, "place")) or is_place_alone(folded, entities):
            return "inform"
        if _THANKS_IN_ENGLISH.fullmatch(folded):
            return "thank"
        if is_english(folded):
            return "speak_english"
        if not entities and self._known_share(words) < KNOWN_ENOUGH:
            return NOISE
        return None

    def _known_share(self, words: Sequence[tuple[str, bool]]) -> float:
        """Return the share of words that are French or that training saw; 1 when there is no word to judge."""
        known = [french or word in self._model.words or self._model.mended(plain(word)) != word for word, french in words]
        return sum(known) / len(known) if known else 1.0

    def _by_sentence(self, text: str) -> list[tuple[str, float]] | None:
        """Return the surest ranking of the sentences of a story, the question first; None for a single sentence."""
        sentences = [s for s in _SENTENCE.split(text) if len(s.split()) >= 3]
        if len(sentences) < 2:
            return None
        asked = [s for s in sentences if s.rstrip().endswith("?") or _ASKS.search(fold(s))]
        return max((self._model.rank(s) for s in asked or sentences), key=lambda ranking: ranking[0][1])

    def _parts(self, text: str, label: str, named: Iterable[str]) -> list[dict[str, Any]]:
        """Return the readings of the parts of a message that may ask several things; empty for one question and for a story."""
        if not label.startswith(_MAY_ASK_MORE):
            return []
        pieces = pieces_of(text, named)
        if not 2 <= len(pieces) <= MOST_PARTS:
            return []
        return [{"text": piece, "ranking": ranking[:8]} for piece, ranking in zip(pieces, self._model.ranks(pieces), strict=True)]


def past_thanks(text: str) -> str:
    """Return the question that follows thanks, else `text` as it is."""
    asked = text[found.end() :] if (found := _THANKS.match(text)) else text
    return asked if asked.rstrip().endswith("?") or _ASKS_ALONE.search(fold(asked)) else text


def pieces_of(text: str, named: Iterable[str]) -> list[str]:
    """Return the parts of a message that may ask different things. A part that only names an organisation (« Pour la Fiducie, … »)
    goes with the next one."""
    pieces, held = [], ""
    for piece in _SPLIT.split(text):
        rest = fold(piece)
        for name in named:
            rest = re.sub(rf"\b{re.escape(name)}\b", " ", rest)
        only_names = rest != fold(piece) and not set(rest.replace("'", " ").split()) - _AROUND_A_NAME
        if only_names:
            held = f"{held} {piece}".strip()
        elif len(piece.split()) >= 2:
            pieces.append(f"{held} {piece}".strip())
            held = ""
    return [*pieces[:-1], f"{pieces[-1]} {held}"] if held and pieces else pieces


def without_personal_data(text: str) -> str:
    """Return `text` without the clauses that only leave personal data (« appelez-moi au… »), when a question stays."""
    if not _PERSONAL.search(text):
        return text
    kept = " ".join(clause for clause in _CLAUSE.split(text) if not _PERSONAL.search(clause))
    return kept if len(kept.split()) >= 3 else text


def _linked(entities: list[dict[str, Any]], *names: str) -> bool:
    return any(entity["entity"] in names for entity in entities)


def is_place_alone(folded: str, entities: list[dict[str, Any]]) -> bool:
    """Return whether a folded text says where, and nothing else: « Trois-Rivières », « on est à Granby »."""
    where = next((fold(e.get("surface", "")) for e in entities if e["entity"] == "place" and not e.get("in_name")), None)
    if elsewhere := next((str(e["value"]) for e in entities if e["entity"] in _NOT_HERE), None):
        # « Toronto »; a name that nothing knows must look like one (« Lac-aux-Castors-Perdus »), or it is any word.
        where = fold(elsewhere) if _linked(entities, "outside_place") or "-" in elsewhere else None
    if not where or len({e["entity"] for e in entities}) > 1 or where not in folded:
        return False
    return set(folded.replace(where, " ", 1).replace("'", " ").split()) <= _BESIDE_A_PLACE


def is_english(folded: str) -> bool:
    """Return whether a folded text is English rather than French with English words."""
    words = folded.split()
    english, french = sum(w in _ENGLISH for w in words), sum(w in FRENCH for w in words)
    return english >= 2 and english > 3 * french and english >= 0.35 * len(words)


def _result(
    label: str, confidence: float, ranking: list[tuple[str, float]], parts: list[dict[str, Any]], fact: str | None
) -> dict[str, Any]:
    name = label.split("/")[0]
    return {
        "intent": {"name": name, "confidence": round(confidence, 4)},
        "intent_ranking": [{"name": n, "confidence": round(c, 4)} for n, c in _by_intent(ranking)[:5]],
        "ranking": [[n, round(c, 4)] for n, c in ranking],
        "parts": parts,
        "fact": fact,
    }


def _by_intent(ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    best: dict[str, float] = {}
    for label, confidence in ranking:
        best.setdefault(label.split("/")[0], confidence)
    return list(best.items())
