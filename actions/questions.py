"""Questions of fact: by a checked answer, from a record, or an honest « I do not have it »."""

from dataclasses import replace

from actions import facts
from actions.access import Access
from actions.answering import answer_question
from actions.asking import asks, asks_who, but_for
from actions.fallback import is_story, two_readings
from actions.local import handle as tell_local
from actions.matters import instead_of
from actions.reply import Reply, say
from actions.subject import asked_by, last_answer
from actions.telling import answer_facet, tell
from actions.turn import Turn
from directory.text import fold

# « Un chiffre, à peu près »: whoever asks how much again is told again what is known of it.
_HOW_MUCH = {"ask_amount", "ask_cost"}
# What a place answers better.
_WHO_HELPS, _SURELY_A_TOPIC = "ask_topic/qui_aide_demarrer_coop", 0.5
_ARTICLES = {"le", "la", "les", "l", "un", "une", "du", "de", "d"}


def handle(turn: Turn, access: Access) -> Reply:
    """Answer a question on a topic or on an organisation."""
    if _looks_for_names(turn):
        return Reply(followup="find_support_form")
    bare = _what_is_named(turn, access) if _is_a_name(turn) else None
    if reply := bare or answer_question(turn, access) or about_whom(turn, access) or _what_is_named(turn, access):
        return reply
    # « On part une coop de yoga à Rawdon, il manque le funding » was read as a question, unsurely: it tells a project.
    if is_story(turn) and turn.values("place") and not asks(turn.text):
        return Reply(followup="find_support_form")
    return instead_of(None, turn, access) or two_readings(turn, access)


def _looks_for_names(turn: Turn) -> bool:
    """Return whether a message asks who, and nothing of whom it names: « À part le RISQ, qui peut prêter? », « projet à Rosemont, who do we
    call? »; or is answered by « who helps to start a coop » where the place can name them."""
    if but_for(turn.text) and asks_who(turn.text):
        return True
    placed = bool(turn.values("place")) and not turn.named_actors
    return placed and (turn.label == _WHO_HELPS or (asks_who(turn.text) and turn.confidence < _SURELY_A_TOPIC))


def _is_a_name(turn: Turn) -> bool:
    """Return whether the message is the name of an organisation, and nothing more (« le RISQ? »)."""
    named = [e for e in turn.entities if e.get("entity") in ("actor", "service") and e.get("end", 0) > e.get("start", 0)]
    rest = turn.text
    for each in sorted({(e["start"], e["end"]) for e in named}, reverse=True):
        rest = rest[: each[0]] + rest[each[1] :]
    return bool(named) and not set(fold(rest).replace("'", " ").split()) - _ARTICLES


def _what_is_named(turn: Turn, access: Access) -> Reply | None:
    """An organisation is named and nothing else is sure (« et le CQCM là-dedans? »): what it is."""
    return answer_facet(replace(turn, intent="ask_what_is"), access) if turn.named_actors else None


def about_whom(turn: Turn, access: Access) -> Reply | None:
    """Return the question « of whom? » to a fact asked of nobody, or None when it is something else."""
    if turn.intent not in facts.UNKNOWN:
        return None
    if turn.values("actor_kind"):
        return tell_local(turn, access)
    if not turn.named_actors and not turn.slot("last_actor"):
        told = last_answer(turn, access) if turn.is_elliptical else None
        if told and {turn.intent, asked_by(told)} <= _HOW_MUCH:
            return tell(told, access, "Voici tout ce que j’en sais. ")
        if asks_who(turn.text) and not turn.in_form:
            # « Une subvention arrive en mars. Qui fait des prêts relais? » asks for names, not of one.
            return Reply(followup="find_support_form")
        return say("De quel organisme ou de quel fonds parlez-vous? Nommez-le et je vous dis ce que j’en sais.", fallbacks=0)
    return None
