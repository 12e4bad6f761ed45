"""Which fact a message asks of the organisation that it names, read with the name left out.

The name of an organisation pulls every question towards the topics that hold it: « le Fonds INNOGEC, c’est pour qui? » looks like
« qui paie mes consultants? ». Without the name, the other words say what is asked. Pure: no Rasa here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from directory.text import fold

Ranking = Sequence[tuple[str, float]]

# What may be asked of any organisation or programme; the actions answer them from its record.
FACTS = frozenset(
    "ask_amount ask_eligibility ask_conditions ask_use_of_funds ask_share_of_cost ask_interest ask_guarantee ask_repayment"
    " ask_how_to_apply ask_delay ask_contact ask_cost ask_area list_services ask_what_is ask_status".split()
)
# What stands for a name: a word that the training sentences use of any organisation.
_THEY = "eux"
_NAMES = ("actor", "service")
# The article of a name, with its preposition, and what stands before « eux » for it.
_ARTICLE = re.compile(r"\b(?:(?P<of>du|des|de (?:la |l['’]))|(?P<to>aux?|[àa] (?:la |l['’]))|(?P<the>l[ae]s?|l['’])) ?$", re.IGNORECASE)
_BEFORE_THEY = {"of": "d'", "to": "à ", "the": ""}
# A fact is asked when, without the name, it is this likely, ahead of the next reading and far ahead of what was read with the name;
# the surer that was, the surer the fact must be.
SURE, AHEAD, TIMES, SHARE = 0.2, 2, 4, 0.75
# What a surer reading keeps, whatever organisation is named.
_KEPT = 0.5
_NOT_OF_AN_ORGANISATION = frozenset("distress vent exhausted complain_bot insult private_contact out_of_scope near_miss".split())


def without_names(text: str, entities: Iterable[Mapping[str, Any]]) -> str | None:
    """Return `text` with « eux » for each organisation or programme that it names, its article with it (« le taux du RISQ »: « le taux
    d’eux »); None when it names none, or nothing else."""
    spans = _spans(entities)
    if not spans:
        return None
    pieces, last = [], 0
    for start, end in spans:
        if start >= last:
            pieces.append(_ARTICLE.sub(lambda found: _BEFORE_THEY[found.lastgroup], text[last:start]))
            last = end
    pieces.append(text[last:])
    return _THEY.join(pieces) if any(c.isalnum() for piece in pieces for c in piece) else None


def names_said(text: str, entities: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of organisations and programmes as `text` has them, folded, the longest first."""
    return sorted({fold(text[start:end]) for start, end in _spans(entities)} - {""}, key=len, reverse=True)


def _spans(entities: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    return sorted({(e["start"], e["end"]) for e in entities if e["entity"] in _NAMES and e.get("end", 0) > e.get("start", 0)})


def fact_asked(ranking: Ranking, unnamed: Ranking) -> str | None:
    """Return the fact that the ranking without names is sure of, unless what was read with them stands without them too."""
    (label, sure), (_, next_sure) = unnamed[0], unnamed[1]
    if label not in FACTS or sure < max(SURE, AHEAD * next_sure):
        return None
    read, how_surely = ranking[0]
    if read in FACTS:
        return label
    return label if sure >= max(TIMES * dict(unnamed).get(read, 0.0), SHARE * how_surely) else None


def settled_by_fact(ranking: Ranking, fact: str | None, entities: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """Return `ranking` with the fact first, unless a topic, or something surer than a question, was read."""
    label, confidence = ranking[0]
    if fact is None or label == fact or label.startswith("ask_topic/") or label in _NOT_OF_AN_ORGANISATION:
        return list(ranking)
    local = label == "find_local_actor"
    if local and not _is_place_of_the_name(entities):
        return list(ranking)
    if not local and label not in FACTS and confidence >= _KEPT:
        return list(ranking)
    return [(fact, max(SURE, confidence)), *(pair for pair in ranking if pair[0] != fact)]


def _is_place_of_the_name(entities: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the only place is in the name (« la CDC de la MRC de Coaticook »): nobody asks who serves it."""
    return all(e.get("in_name") for e in entities if e["entity"] == "place")
