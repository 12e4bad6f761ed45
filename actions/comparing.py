"""« Lequel a le meilleur taux? », « RISQ ou Fiducie? », « une SADC pis une MRC? »: side by side, from the records."""

import re
from collections.abc import Sequence

from actions import facts
from actions.access import Access
from actions.cards import KIND_SUMMARIES
from actions.french import NBSP, dollar_range, lower_first, sentence, source_line
from actions.local import KIND_NAMES
from actions.local import handle as tell_local
from actions.naming import display_name, short, the
from actions.programmes import side_by_side
from actions.questions import handle as handle_question
from actions.reply import Button, Message, Reply, say
from actions.telling import told_closed
from actions.turn import Turn
from directory.models import Actor
from directory.queries import actor_by_slug, services_of
from directory.text import fold

_AT_MOST = 4
_MRC = "Son service de développement économique accompagne et finance les entreprises de son territoire, collectives ou non."
# What is compared, when a word says it.
_SUBJECTS: tuple[tuple[str, str], ...] = (
    (r"\btaux\b|\binterets?\b|moins chers?|coute", "ask_interest"),
    (r"\bmontants?\b|prete\w* (?:le )?plus|plus (?:gros|d'argent)|\bmaximum\b|\bplafonds?\b", "ask_amount"),
    (r"\bgaranties?\b|\bcaution", "ask_guarantee"),
    (r"\bduree\b|rembours|\bmoratoire\b|\bconge\b", "ask_repayment"),
    (r"plus (?:vite|rapide)|\bdelais?\b", "ask_delay"),
    (r"telephone|numeros?\b|joindre|contact\w*|courriel", "ask_contact"),
)


def handle(turn: Turn, access: Access) -> Reply:
    """Set organisations, or kinds of organisations, side by side; with fewer than two, answer as a question."""
    kinds = [kind for kind in turn.values("actor_kind") if kind == "mrc" or kind in KIND_SUMMARIES]
    if len(kinds) >= 2:
        return _kinds(kinds)
    if programmes := side_by_side(turn, access):
        return programmes
    slugs = turn.named_actors[:_AT_MOST] or [s for s in turn.slot("shown") or () if not s.startswith("mrc-")][:_AT_MOST]
    if len(slugs) == 1 and turn.slot("last_actor"):
        slugs = list(dict.fromkeys([turn.slot("last_actor"), *slugs]))
    actors = [a for slug in slugs if (a := actor_by_slug(access.session, slug))]
    if len(actors) < 2:
        # « Le mien, c’est lequel? »: of the kind just spoken of.
        mine = turn.slot("last_kind") and not turn.named_actors
        return tell_local(turn, access) if mine else handle_question(turn, access)
    if closed := next((a for a in actors if a.status == "closed"), None):
        return told_closed(closed, access)
    subject = next((facet for pattern, facet in _SUBJECTS if re.search(pattern, fold(turn.text))), None)
    blocks = [_on_subject(actor, subject, access) if subject else _in_short(actor, access) for actor in actors]
    text = "\n\n".join(blocks) + "\n" + source_line([a.source for a in actors if a.source], None)
    buttons = [Button(f"Joindre {the(actor)}"[:40], "ask_contact", {"actor": actor.slug}) for actor in actors[:2]]
    slots = {"last_actor": actors[0].slug, "last_service": None, "last_topic": None, "last_facet": subject, "fallbacks": 0}
    return Reply((Message(text, tuple(buttons)),), slots | {"shown": [a.slug for a in actors]})


def _in_short(actor: Actor, access: Access) -> str:
    services = [s for s in services_of(access.session, actor.slug) if s.status != "closed"]
    money = [f"{lower_first(s.name)}, {m}" for s in services if (m := dollar_range(s.amount_min, s.amount_max))][:3]
    summary = sentence(actor.summary or KIND_SUMMARIES.get(actor.kind, ""))
    return f"{display_name(actor)}{NBSP}: {lower_first(summary)}" + (f" Montants{NBSP}: {'; '.join(money)}." if money else "")


def _on_subject(actor: Actor, facet: str, access: Access) -> str:
    told = facts.FACETS[facet](actor, services_of(access.session, actor.slug))
    if not told:
        return f"{display_name(actor)}{NBSP}: mes sources ne donnent pas {facts.UNKNOWN[facet]}."
    return told if short(actor) in told or actor.name in told else f"{display_name(actor)}{NBSP}: {lower_first(told)}"


def _kinds(kinds: Sequence[str]) -> Reply:
    lines = []
    for kind in kinds[:_AT_MOST]:
        name = KIND_NAMES.get(kind, kind)
        told = _MRC if kind == "mrc" else KIND_SUMMARIES[kind]
        lines.append(f"{name[:1].upper()}{name[1:]}{NBSP}: {lower_first(told)}")
    return say(
        "\n\n".join(lines) + "\nDites-moi votre municipalité et je vous nomme ceux qui la servent.",
        last_kind=None,
        last_topic=None,
        fallbacks=0,
    )
