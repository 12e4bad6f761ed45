"""What must be true at Meta for the page to be answered for: its profile, its subscription, its secrets; and what is not so."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.messenger.account import Account
from bot.messenger.graph import TOKEN, Graph, GraphError, Unknown, Unreachable
from bot.messenger.menu import wanted

# The kinds of events that the webhook reads; Meta's console calls them fields.
FIELDS = ("messages", "messaging_postbacks", "message_echoes", "standby", "messaging_handovers")
# What was just written may be read a little later.
_READ_AGAIN_S = (1, 2)
_BAD_TOKEN = (
    "le jeton de la page est refusé\u00a0: faites-en un autre dans la console de Meta, puis donnez-le dans AIGUILLEUR_MESSENGER_PAGE_TOKEN"
)
_OTHER_PAGE = (
    "le jeton est celui de la page {found}, non de {page}\u00a0: corrigez AIGUILLEUR_MESSENGER_PAGE_ID ou AIGUILLEUR_MESSENGER_PAGE_TOKEN"
)
_OTHER_SECRET = (
    "la clé secrète n’est pas celle de l’application {app}\u00a0: recopiez AIGUILLEUR_MESSENGER_APP_SECRET de la console de Meta,"
    " et vérifiez AIGUILLEUR_MESSENGER_APP_ID"
)
_NOT_TAKEN = (
    "Meta n’a pas gardé ce qui lui est demandé ({named}). Le jeton vient peut-être d’une autre application que {app}{others}\u00a0:"
    " corrigez AIGUILLEUR_MESSENGER_APP_ID, ou refaites le jeton de la page dans cette application"
)
NO_ANSWER = "Graph ne répond pas à {url} ({why})\u00a0: vérifiez la connexion, puis relancez la commande"


async def present(graph: Graph, account: Account) -> dict[str, Any]:
    """Return what Meta has of the page, under the names of `expected`.

    Raises:
        GraphError, Unreachable, Unknown: as their names say.
    """
    profile = await graph.profile(tuple(wanted()))
    return {**profile, "subscribed_fields": await _subscribed(graph, account)}


async def _subscribed(graph: Graph, account: Account) -> list[str]:
    apps = [each for each in await _apps(graph, account) if str(each.get("id")) == account.app_id]
    found = {name for each in apps for name in each.get("subscribed_fields") or [] if isinstance(name, str)}
    return [name for name in FIELDS if name in found]


async def _apps(graph: Graph, account: Account) -> list[dict[str, Any]]:
    told = await graph.get(f"/{account.page_id}/subscribed_apps")
    return [each for each in told.get("data") or [] if isinstance(each, dict)]


async def mistaken_for(graph: Graph, account: Account) -> str | None:
    """Return what is wrong when the token is not that of the page; None when it is.

    Raises:
        GraphError, Unreachable, Unknown: as their names say.
    """
    found = (await graph.get("/me", fields="id,name")).get("id")
    return None if str(found) == account.page_id else _OTHER_PAGE.format(found=found, page=account.page_id)


async def not_taken(graph: Graph, account: Account) -> str | None:
    """Return what Meta did not keep of what `apply` set, with the likely reason; None when it has all.

    Raises:
        GraphError, Unreachable, Unknown: as their names say.
    """
    for pause_s in (*_READ_AGAIN_S, None):
        missing = difference(await present(graph, account), expected())
        if not missing:
            return None
        if pause_s is not None:
            await asyncio.sleep(pause_s)
    ids = ", ".join(str(each.get("id")) for each in await _apps(graph, account) if str(each.get("id")) != account.app_id)
    others = f" (la page est reliée à {ids})" if ids else ""
    return _NOT_TAKEN.format(named=", ".join(missing), app=account.app_id, others=others)


def expected() -> dict[str, Any]:
    """Return what Meta must have of the page: the fields of its profile, and the kinds of events that it is subscribed to."""
    return {**wanted(), "subscribed_fields": [*FIELDS]}


def difference(now: Mapping[str, Any], want: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must be set; what Meta adds of its own is no difference."""
    return {name: value for name, value in want.items() if not _has(now.get(name), value)}


def _has(found: Any, wanted_value: Any) -> bool:
    if isinstance(wanted_value, dict):
        return isinstance(found, dict) and all(_has(found.get(name), value) for name, value in wanted_value.items())
    if isinstance(wanted_value, list):
        return isinstance(found, list) and len(found) == len(wanted_value) and all(map(_has, found, wanted_value))
    return found == wanted_value


async def apply(graph: Graph, changes: Mapping[str, Any]) -> None:
    """Set at Meta what `difference` found.

    Raises:
        GraphError, Unreachable, Unknown: as their names say.
    """
    profile = {name: value for name, value in changes.items() if name != "subscribed_fields"}
    if profile:
        await graph.set_profile(profile)
    if "subscribed_fields" in changes:
        await graph.subscribe(changes["subscribed_fields"])


async def problems(graph: Graph, account: Account) -> list[str]:
    """Return what is missing at Meta for the page to be answered for, each with its remedy; empty when nothing is."""
    try:
        if mistaken := await mistaken_for(graph, account):
            return [mistaken]
        missing = difference(await present(graph, account), expected())
    except (GraphError, Unreachable, Unknown) as error:
        return [problem_of(error, account)]
    named = ", ".join(missing)
    return [f"la page n’est pas à jour ({named})\u00a0: «\u00a0aiguilleur messenger setup --apply\u00a0»"] if missing else []


def problem_of(error: GraphError | Unreachable | Unknown, account: Account) -> str:
    """Return what an operator is told of a call that failed."""
    if not isinstance(error, GraphError):
        return NO_ANSWER.format(url=account.graph_url, why=error)
    if error.verdict == TOKEN:
        return _BAD_TOKEN
    if error.of_proof:
        return _OTHER_SECRET.format(app=account.app_id)
    return f"Graph refuse ({error})\u00a0: vérifiez AIGUILLEUR_MESSENGER_APP_SECRET, les permissions de l’application et sa version"
