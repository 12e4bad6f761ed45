"""Saying again: the source of the last answer, the last answer in another way, what becomes of what is said."""

from actions import facts
from actions.access import Access
from actions.french import source_line
from actions.reply import Button, Reply, say, utter
from actions.subject import about_mentoring, last_answer
from actions.telling import tell
from actions.turn import Turn
from directory.queries import actor_by_slug, answer_by_slug

MENTOR_SECRET = "mentor_confidentialite"


def handle_source(turn: Turn, access: Access) -> Reply:
    """Tell where the last fact comes from and of when it is."""
    sources = turn.slot("last_sources") or []
    if not sources:
        text = (
            "Mes renseignements viennent de pages publiques des organismes, des gouvernements et des médias, relevées en novembre 2026."
            " Chaque réponse donne sa source et sa date."
        )
        return say(text)
    where = "\n".join(f"• {s}" for s in sources[:3])
    line = source_line(sources, turn.slot("last_as_of"))
    return say(f"{line}\n{where}\nUne page peut changer\u00a0: en cas de doute, l’organisme a le dernier mot.")


def handle_rephrase(turn: Turn, access: Access) -> Reply:
    """Say the last answer again, with what may help."""
    answer = last_answer(turn, access)
    if answer is not None:
        return tell(answer, access, f"Autrement dit, à la question «\u00a0{answer.question}\u00a0»\u00a0: ")
    actor = actor_by_slug(access.session, turn.slot("last_actor")) if turn.slot("last_actor") else None
    if actor is not None:
        return say(facts.what_is(actor, ()), Button("Comment les joindre?", "ask_contact", {"actor": actor.slug}))
    return say(
        "Dites-moi en un mot ce qu’il vous faut\u00a0: argent, mentor, conseils, formation. Je pose ensuite une question à la fois.",
        Button("Trouver de l’aide", "find_support"),
    )


def handle_privacy(turn: Turn, access: Access) -> Reply:
    """Tell what is kept of the conversation; in the middle of mentoring, whether a mentor keeps things to himself."""
    answer = answer_by_slug(access.session, MENTOR_SECRET) if about_mentoring(turn, access) and turn.is_elliptical else None
    return tell(answer, access) if answer else utter("utter_privacy")
