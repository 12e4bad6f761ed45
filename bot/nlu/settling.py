"""What the links and the language settle of a ranking of labels: the likest sentences are not always what is said.

Pure: no Rasa here.
"""

import re
from typing import Any

from bot.care import UNWELL
from bot.nlu.spelling import POSTAL_CODE, plain
from directory.text import fold

LOCAL = "find_local_actor"
FRENCH = frozenset(
    "le la les un une des du de je on nous vous est es c'est ca pour avec dans sur qui que quoi comment combien ou et pis"
    " mon ma notre nos votre pas plus faut peut a au aux en y ya tu ce cette svp bonjour salut allo merci".split()
)
_ELIDED = set("d l j c n qu".split())
_FED_UP = re.compile(r"\ben finir avec (?!la vie|ma vie|tout\b|moi)")
_WE = re.compile(r"\b(?:on|nous|notre|nos|gang)\b")
_A_GROUP = re.compile(r"\b(?:employe(?:e?s)|membres|benevoles|organisme|administrat\w+|paies)\b")
_TO_US = re.compile(
    r"\b(?:tu|t'\w+|te|toi|vous|votre|vos|ton|ta|tes|robots?|bots?|machine|bebelle|patente|reponses?|repond\w*|compren\w*|compri\w*|marche\w*|app\w*"
    r"|dit|demande|deja|encore|rien|nul\w*|plate|tourne)\b"
)
_TAX = re.compile(r"\bimpots?\b|\bfiscal\w*|\bimposable|\bpoursuivre en justice|\ben cour\b")
_FEELINGS = ("vent", "exhausted")
_OF_ANGER = ("complain_bot", "insult", "vent")
_NO_ANSWER = re.compile(
    r"\b(?:ils?|elles?|y|me|m'|nous) ?(?:me |m'|nous )?(?:ont |a |on )?(?:jamais |pas |plus )?(?:repond\w*|rappel\w*|retourn\w*)"
    r"(?: \w+){0,2} (?:jamais|pas|pus?|plus)\b|\b(?:m'|nous |me )(?:a |ont )?(?:jamais|pas|toujours pas) (?:repond\w*|rappel\w*)"
    r"|\b(?:jamais|pas|toujours pas) (?:de reponses?|eu de (?:reponses?|retour))"
)
_WE_ARE_TOLD = re.compile(r"\b(?:tu|vous|robots?|bots?|machine)\b|\bt'")
_A_PERSON = re.compile(
    r"\b(?:parler|jaser) (?:a|avec) (?:du (?:vrai )?monde"
    r"|(?:quelqu'un|une? (?:vraie? )?(?:personne|humaine?))(?! (?:du|des|de la|de l'|au|a la) ))"
)
_ASKED = re.compile(r"\b(?:qui d'autre|c'est quoi|quels?|quelles?|comment|combien|numero|ou est)\b")
_NOT_A_PERSON = re.compile(r"\b(?:pas|pus?|tann\w+|jamais)(?: \w+){0,2} (?:parler|jaser)\b")
_SAID_OF_IT = {"amount", "place", "legal_form", "stage"}
_OF_THE_PROJECT = {"place", "legal_form", "stage"}
_OF_A_PROJECT = {"actor", "service", "legal_form", "need", "amount", "place"}
OUTSIDE = ("near_miss", "out_of_scope")
# Below this, a reading is weak: the links and the likelihood of an outside subject may turn it.
WEAK, OUTSIDE_SHARE = 0.35, 0.5
SURELY_OUTSIDE = 0.6
# A sign of danger under this may be a question about a project.
WEAK_DANGER = 0.20
# A question about mentoring this near to the search for a mentor is one: chosen on development, with the sentences of today,
# F1 of the search is 0.74 at 0.1 and 0.77 at 0.07.
_A_MENTOR, _OF_MENTORING, OF_A_MENTOR = "find_support/mentorat", "ask_topic/ment", 0.07
# A held fact, or an opinion on a case of one's own, this near to « the directory does not hold it » is what is asked: chosen on
# development (docs/decisions.md has the figures).
UNHELD, NEAR_UNHELD = "ask_unheld", 0.5
_A_FACT = ("ask_", "list_services", "legal_tax_advice")
# Of a message without a word of the field, this share of an outside subject is enough (« combien de planètes »): on a fifth of the training
# sentences held out, 4 outside ones in 447 are then taken for facts rather than 16, and 9 facts in 376 are lost.
_OUTSIDE_NEAR = 0.05
_OF_THE_FIELD = re.compile(
    r"\b(?:coop\w*|obnl|osbl|organis\w*|membres?|admin\w*|ca|conseil|assemblee\w*|aga|ag|benevol\w*|fonds?|prets?|preteur\w*|fiducie|risq"
    r"|caisse|cdrq|sadc|mentor\w*|employe\w*|salari\w*|collecti\w*|financ\w*|subvention\w*|projets?|federation\w*|statuts?|reglements?"
    r"|president\w*|tresori\w*|parts?|quorum|ristourn\w*|registr\w*|huis|mandats?|proces verba\w*|economie sociale|loyers?|locataires?"
    r"|bail\w*|dons?|donat\w*|entreprise\w*|vot\w*|comite\w*)\b"
)
# Words that no other field has.
_OF_GOVERNANCE = re.compile(r"\b(?:quorum|ristournes?|conseil d'administration|economie sociale)\b")
_A_PLACE = 5


def settled(ranking: list[tuple[str, float]], text: str, entities: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Return `ranking` after what the links and the language settle: a French sentence is not « English »; a kind of
    organisation with a place asks who serves the place."""
    said = {e["entity"] for e in entities}
    label, confidence = ranking[0]
    french = sum(w in FRENCH or w in _ELIDED for w in fold(text).replace("'", " ").split())
    if label == "speak_english" and french >= 2:
        return settled(_without_first(ranking), text, entities)
    near = [name for name, _ in ranking[:6]]
    if label == "distress" and (_FED_UP.search(fold(text)) or _is_of_a_project(ranking, said)):
        # Danger in words was looked for before: « en finir avec la paperasse » is not it.
        return settled(_without_first(ranking), text, entities)
    if _TAX.search(fold(text)) and confidence < 0.5 and not label.startswith("ask_topic/ric"):
        return [("legal_tax_advice", max(confidence, 0.5)), *(pair for pair in ranking if pair[0] != "legal_tax_advice")]
    if label == "cancel" and said & _SAID_OF_IT:
        # « Finalement, ça prendrait plus 300 000 » leaves nothing: it says something of the project.
        return settled(_without_first(ranking), text, entities)
    if label == "store_personal_data" and confidence < SURELY_OUTSIDE and said & {"actor", "service"}:
        # « Je monte mon dossier pour le RISQ »: a file of theirs, none to be kept here.
        return settled(_without_first(ranking), text, entities)
    if label in (LOCAL, *_OF_ANGER) and said & {"actor", "actor_kind"} and _is_of_others(fold(text)):
        # « Le pôle, ils répondent jamais »: it is not of us that the person complains.
        return [("vent", max(confidence, 0.5)), *(pair for pair in ranking if pair[0] != "vent")]
    if label in _OF_ANGER and _A_PERSON.search(fold(text)) and not _NOT_A_PERSON.search(fold(text)):
        # « Vous comprenez rien, je veux parler à du monde »: the request is what is said.
        return [("talk_to_human", confidence), *(pair for pair in ranking if pair[0] != "talk_to_human")]
    if label == "how_are_you" and UNWELL.search(fold(text)):
        # « Ça va pas ben ben » asks nobody how they are.
        return [("vent", confidence), *(pair for pair in ranking if pair[0] != "vent")]
    if label == "complain_bot" and confidence < WEAK and not _TO_US.search(fold(text)):
        # « On m’a mis dehors du CA »: a reproach to nobody here.
        return settled(_without_first(ranking), text, entities)
    inside = [pair for pair in ranking if pair[0] not in OUTSIDE]
    if inside and label in OUTSIDE and confidence < SURELY_OUTSIDE and _OF_GOVERNANCE.search(fold(text)):
        return settled([*inside, *((name, 0.0) for name in OUTSIDE)], text, entities)
    if label == UNHELD and not said & _OF_A_PROJECT and (outside := _outside_near(ranking, text)):
        return outside
    if label == UNHELD and (held := _held_near(ranking)):
        return held
    if label == _A_MENTOR and (asked := _asked_of_mentoring(ranking, text, said)):
        return asked
    a_fact = said & {"actor", "service"} and "?" in text
    if label in _FEELINGS and confidence < WEAK and (a_fact or "place" in said):
        # « Ce fonds est mort? On est tannés d’attendre le PIEC » asks about a fund.
        return settled([*(pair for pair in ranking if pair[0] not in _FEELINGS), *((name, 0.0) for name in _FEELINGS)], text, entities)
    told = "place" in said and "?" not in text and _WE.search(fold(text))
    of_ours = said & {"actor", "service"} or (confidence < WEAK and (told or _is_of_a_group(text, said)))
    if label in OUTSIDE and confidence < SURELY_OUTSIDE and of_ours:
        # Who names an organisation of the directory, a coop of theirs, or where « we » do something, is not far from the subject.
        return [*inside, *(pair for pair in ranking if pair[0] in OUTSIDE)]
    if "outside_place" in said and (label == "near_miss" or (confidence < WEAK and len(text.split()) <= _A_PLACE)):
        # « On est une coop à Moncton », « Toronto »: the place settles it, and the answer says so.
        return [("inform", confidence), *(pair for pair in ranking if pair[0] != "inform")]
    if confidence < WEAK and label not in OUTSIDE and not said & {"actor", "service"} and POSTAL_CODE not in plain(text):
        outside = [pair for pair in ranking[:8] if pair[0] in OUTSIDE]
        if sum(share for _, share in outside) >= OUTSIDE_SHARE * confidence:
            return [outside[0], *(pair for pair in ranking if pair != outside[0])]
    if confidence < WEAK and label not in OUTSIDE and {"place", "need"} <= said and (search := _search_of(ranking, entities, said)):
        return [(search, confidence), *(pair for pair in ranking if pair[0] != search)]
    # « La SADC de Charlevoix » is an organisation that the directory names: what is asked of it is in the ranking.
    named_with_place = any(e.get("in_name") for e in entities)
    asks_who_serves = {"actor_kind", "place"} <= said and not named_with_place and len(text.split()) <= 12
    if asks_who_serves and LOCAL in near and not label.startswith("find_support"):
        return [(LOCAL, max(confidence, 0.5)), *(pair for pair in ranking if pair[0] != LOCAL)]
    return ranking


def _outside_near(ranking: list[tuple[str, float]], text: str) -> list[tuple[str, float]] | None:
    """Return `ranking` with the outside subject first that stands near « the directory does not hold it », without a word of the field;
    else None."""
    outside = [pair for pair in ranking[:8] if pair[0] in OUTSIDE]
    if not outside or _OF_THE_FIELD.search(fold(text)) or sum(share for _, share in outside) < _OUTSIDE_NEAR * ranking[0][1]:
        return None
    return [(outside[0][0], ranking[0][1]), (UNHELD, outside[0][1]), *(pair for pair in ranking[1:] if pair is not outside[0])]


def _held_near(ranking: list[tuple[str, float]]) -> list[tuple[str, float]] | None:
    """Return `ranking` with the fact that the directory holds first, when one is near enough to « it does not hold it », else None."""
    fact = next((pair for pair in ranking[1:] if pair[0].startswith(_A_FACT)), None)
    if fact is None or fact[1] < NEAR_UNHELD * ranking[0][1]:
        return None
    return [(fact[0], ranking[0][1]), (UNHELD, fact[1]), *(pair for pair in ranking[1:] if pair is not fact)]


def _asked_of_mentoring(ranking: list[tuple[str, float]], text: str, said: set[str]) -> list[tuple[str, float]] | None:
    """Return `ranking` with the question about mentoring first that stands near the search for a mentor, unless a project is told."""
    fact = next((pair for pair in ranking[1:6] if pair[0].startswith(_OF_MENTORING)), None)
    told = said & _OF_THE_PROJECT and "?" not in text
    if fact is None or told or fact[1] < OF_A_MENTOR * ranking[0][1]:
        return None
    return [(fact[0], ranking[0][1]), *(pair for pair in ranking if pair is not fact)]


def _is_of_others(folded: str) -> bool:
    """Return whether a reproach is to somebody else who does not answer, and asks nothing."""
    return bool(_NO_ANSWER.search(folded)) and "?" not in folded and not (_WE_ARE_TOLD.search(folded) or _ASKED.search(folded))


def _is_of_a_group(text: str, said: set[str]) -> bool:
    """Return whether « we » speak, of a coop, an OBNL or those who work in it."""
    folded = fold(text)
    return bool(_WE.search(folded)) and ("legal_form" in said or bool(_A_GROUP.search(folded)))


def _without_first(ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return `ranking` with its first label last, its evidence shared among the others."""
    left = sum(evidence for _, evidence in ranking[1:]) or 1.0
    return [*((label, evidence / left) for label, evidence in ranking[1:]), (ranking[0][0], 0.0)]


def _search_of(ranking: list[tuple[str, float]], entities: list[dict[str, Any]], said: set[str]) -> str | None:
    """Return the search that a weak reading with a place and a need is: the likeliest near, or, of a project told with its form or
    its stage, that of the need said first."""
    if near := next((name for name, _ in ranking[:15] if name.startswith("find_support/")), None):
        return near
    need = next(e["value"] for e in entities if e["entity"] == "need")
    wanted = f"find_support/{need}"
    return wanted if said & {"legal_form", "stage"} and any(name == wanted for name, _ in ranking) else None


def _is_of_a_project(ranking: list[tuple[str, float]], said: set[str]) -> bool:
    """Return whether a weak sign of danger is rather a question about a project: something of one is linked, no feeling is near."""
    return ranking[0][1] < WEAK_DANGER and bool(said & _OF_A_PROJECT) and not any(name in _FEELINGS for name, _ in ranking[:5])
