"""Measure the widget: what a page loads beside other widgets, what axe-core finds, and ten visitors at once on the real server.

    python -m bench.widget
    python -m bench.widget --write
    python -m bench.widget visitors --write
    python -m bench.widget --quick

Prints the section « The widget » of docs/bench.md, and writes it there with --write. Parts may be measured again one by one (sizes, pages,
visitors): var/bench/widget.json keeps the others.
"""

import json
import os
from contextlib import ExitStack
from datetime import date
from typing import Annotated, Any

import typer

from bench.processes import say
from bench.sections import with_section
from bench.sides import WORK
from bench.versions import node, processor
from bench.widget_peers import pages, sizes, visitors
from bench.widget_peers.packages import PEERS, RASA_WEBCHAT_SHOWN, NotFetched, Peer, fetch
from bench.widget_peers.section import COMMAND, section
from bench.widget_peers.service import served
from settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "bench.md"
RAW = WORK / "widget.json"
PARTS = ("sizes", "pages", "visitors")
SEED = 7


def today() -> str:
    """Return the date, and the load of the machine before a part is measured."""
    return f"{date.today().isoformat()}, load of the machine {os.getloadavg()[0]:.1f}"


def had(peers: tuple[Peer, ...], fetching: bool) -> tuple[list[Peer], dict[str, str]]:
    """Return the peers whose package is there, fetched if it may be, and why each of the others is not."""
    missing: dict[str, str] = {}
    for peer in peers:
        try:
            if fetching:
                fetch(peer)
            elif not peer.folder.is_dir():
                raise NotFetched("its package is not here yet")
        except NotFetched as error:
            missing[peer.name] = str(error)
    return [peer for peer in peers if peer.name not in missing], missing


def measure_sizes(fetching: bool = True) -> dict[str, Any]:
    """Return the size of our files and of those of the peers."""
    files = sizes.ours()
    whole = [*files["before"], *files["opened"]]
    named = (("all files", files["all"]), ("before opening", files["before"]), ("on opening, in French", files["opened"]))
    rows = [(f"ours, {what}", names, sizes.total(sizes.WIDGET, names)) for what, names in (*named, ("opened, in French, in all", whole))]
    peers, missing = had(PEERS, fetching)
    rows += [(peer.shown, list(peer.files), sizes.total(peer.folder, peer.files)) for peer in peers]
    told = [{"what": what, "files": names, "packed": size} for what, names, size in rows]
    return {"on": date.today().isoformat(), "rows": told, "missing": missing}


def measure_pages(address: str | None) -> dict[str, Any]:
    """Return what Chromium fetches for each widget and what axe-core finds; without `address`, of ours in the bare page alone."""
    on = today()
    with pages.browser() as chromium:
        bare = pages.measure_bare(chromium)
        told = [{"what": pages.OURS.shown, **pages.measure_peer(chromium, pages.OURS, sizes.WIDGET)}]
        if address:
            told.append({"what": "ours, demonstration", "states": pages.measure_demo(chromium, address)})
            for peer in had((PEERS[0], RASA_WEBCHAT_SHOWN, *PEERS[1:]), fetching=True)[0]:
                told.append({"what": peer.shown, "note": peer.note, **pages.measure_peer(chromium, peer, peer.folder)})
        return {"on": on, "bare": bare, "axe": bare["axe"], "chromium": chromium.version, "pages": told}


def measure(parts: list[str], rounds: int) -> dict[str, Any]:
    """Return what each of `parts` measured; the server runs for those that ask it."""
    measured: dict[str, Any] = {}
    with ExitStack() as stack:
        if "sizes" in parts:
            measured["sizes"] = measure_sizes()
        if {"pages", "visitors"} & {*parts}:
            say("starting the server")
            server = stack.enter_context(served())
        if "visitors" in parts:
            on = today()
            measured["visitors"] = {"on": on, "rounds": visitors.measure(server, rounds, SEED)}
        if "pages" in parts:
            measured["pages"] = measure_pages(server.url)
    return measured


def main(
    parts: Annotated[list[str] | None, typer.Argument(help="sizes, pages, visitors; all of them when none is named.")] = None,
    write: bool = False,
    quick: bool = False,
    rounds: int = 3,
) -> None:
    """Measure the widget.

    --quick measures and prints what needs neither the assistant nor the network, and keeps nothing.
    """
    wanted = parts or [*PARTS]
    if unknown := {*wanted} - {*PARTS}:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: no such part; there are {', '.join(PARTS)}")
    versions = {"processor": processor(), "node": node()}
    if quick:
        measured = {"versions": versions, "sizes": measure_sizes(fetching=False)}
        try:
            measured["pages"] = measure_pages(None)
        except pages.NoBrowser as error:
            say(f"pages: not measured, {error}")
        print(section(measured))
        return
    kept = json.loads(RAW.read_text(encoding="utf-8")) if RAW.is_file() else {}
    measured = {**kept, **measure(wanted, rounds), "versions": versions}
    WORK.mkdir(parents=True, exist_ok=True)
    RAW.write_text(json.dumps(measured, ensure_ascii=False), encoding="utf-8")
    text = section(measured)
    print(text)
    if write:
        PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), COMMAND, text), encoding="utf-8")
        say(f"written: {os.path.relpath(PAGE)}")


if __name__ == "__main__":
    typer.run(main)
