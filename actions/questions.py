"""Questions of fact: by a checked answer, from a record, or an honest « I do not have it »."""

from dataclasses import replace

from actions import facts
from actions.access import Access
from actions.answering import answer_question
from actions.cards import KIND_SUMMARIES, display_name
from actions.fallback import two_readings
from actions.french import dollar_range, sentence, source_line
from actions.local import handle as tell_local
from actions.reply import Reply, say
from actions.telling import answer_facet, told_closed
from actions.turn import Turn
from directory.queries import actor_by_slug, services_of


def handle(turn: Turn, access: Access) -> Reply:
    """Answer a question on a topic or on an organisation; a place said in passing is remembered."""
    place = turn.entity("place")
    kept = {"place": list(place["value"])} if place and place.get("resolution") == "one" else {}
    reply = answer_question(turn, access) or _about_whom(turn, access) or _what_is_named(turn, access) or two_readings(turn, access)
    return Reply(slots=kept) + reply


def _what_is_named(turn: Turn, access: Access) -> Reply | None:
    """An organisation is named and nothing else is sure (« et le CQCM là-dedans? »): what it is."""
    return answer_facet(replace(turn, intent="ask_what_is"), access) if turn.named_actors else None


def _about_whom(turn: Turn, access: Access) -> Reply | None:
    if turn.intent not in facts.UNKNOWN:
        return None
    if turn.values("actor_kind"):
        return tell_local(turn, access)
    if not turn.named_actors and not turn.slot("last_actor"):
        return say("De quel organisme ou de quel fonds parlez-vous? Nommez-le et je vous dis ce que j’en sais.", fallbacks=0)
    return None


def handle_compare(turn: Turn, access: Access) -> Reply:
    """Set two organisations side by side, from their records; with fewer than two, answer as a question."""
    slugs = turn.named_actors[:3] or (turn.slot("shown") or [])[:2]
    actors = [a for slug in slugs if (a := actor_by_slug(access.session, slug))]
    if len(actors) < 2:
        return handle(turn, access)
    closed = next((a for a in actors if a.status == "closed"), None)
    if closed is not None:
        return told_closed(closed, access)
    blocks = []
    for actor in actors:
        services = [s for s in services_of(access.session, actor.slug) if s.status != "closed"]
        money = [f"{s.name}, {m}" for s in services if (m := dollar_range(s.amount_min, s.amount_max))][:3]
        summary = sentence(actor.summary or KIND_SUMMARIES.get(actor.kind, ""))
        blocks.append(f"{display_name(actor)}\u00a0: {summary}" + (f" {'; '.join(money)}." if money else ""))
    text = "\n\n".join(blocks) + "\n" + source_line([a.source for a in actors if a.source], None)
    return say(text, last_actor=actors[0].slug, last_service=None, last_topic=None, shown=[a.slug for a in actors], fallbacks=0)
