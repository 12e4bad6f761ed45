"""Mending in a real browser: by keyboard alone, with and without scripts, and as axe sees it when there is something to see."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import mended
import pytest
from clocks import Clock
from flask import Flask
from seeing import LOOKS, Seen

from console.databases import Databases
from console.mending.sentences import Shelf
from journal.corrections import heard_digest

HOSTILE = "<img src=x onerror=\"document.title='pris'\"> \u202eretourné {{ 7*7 }} javascript:alert(1) " + "x" * 900
SAID = ("jusqu'où le fonds embarque", "jusqu'où qu'il embarque le fonds")


@pytest.fixture
def console(console: Flask, tmp_path: Path) -> Flask:
    """The console, over the sentences of a small project."""
    console.extensions["console_shelf"] = Shelf(mended.make_project(tmp_path / "project"))
    return console


@pytest.fixture
def hear(bases: Databases, clock: Clock) -> Callable[..., list[int]]:
    """hear(*texts): the ids of their turns."""
    return partial(mended.hear, bases, clock)


def _tab_to(seen: Seen, name: str) -> None:
    """Press Tab until the focus is on what bears that name."""
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        told = seen.page.evaluate("document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent")
        if told.strip().startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_the_keyboard_alone_searches_a_meaning_accepts_and_downloads(see, hear, add_account) -> None:
    hear(*SAID)
    seen = see().come_in(add_account("marie", "reviewer"))
    page = seen.go("/phrases/").page
    _tab_to(seen, "jusqu'où")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="2 façons de le dire").wait_for()
    _tab_to(seen, "Chercher un autre sens")
    page.keyboard.type("capital")
    page.locator("#found").get_by_text("c'est quoi du capital patient").wait_for()
    page.get_by_label("Le montant offert").focus()
    page.keyboard.press("Space")
    _tab_to(seen, "Accepter les phrases choisies")
    page.keyboard.press("Enter")
    page.get_by_text("2 phrases acceptées comme « Le montant offert ».").wait_for()
    page.get_by_role("link", name=re.compile("Décisions")).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Télécharger le correctif (2)").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    patch = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename == "correctif-2026-11-28.patch"
    assert patch.count("\n+      - ") == 2


def test_without_scripts_a_meaning_is_searched_and_chosen(see, hear, add_account) -> None:
    hear("c'est quoi l'affaire patiente")
    seen = see(java_script_enabled=False).come_in(add_account("marie", "reviewer"))
    page = seen.go(f"/phrases/groupe/{heard_digest('c est quoi l affaire patiente')}").page
    page.get_by_label("La phrase 1").fill("c'est quoi ça, l'argent patient")
    page.get_by_label("Chercher un autre sens").fill("patient")
    page.get_by_role("button", name="Chercher").click()
    assert page.get_by_label("La phrase 1").input_value() == "c'est quoi ça, l'argent patient"
    page.get_by_label("capital patient").check()
    page.get_by_role("button", name="Accepter les phrases choisies").click()
    warned = page.get_by_label("J’ai lu l’avertissement")
    if warned.count():
        warned.check()
        page.get_by_role("button", name="Accepter les phrases choisies").click()
    assert "1 phrase acceptée" in page.get_by_role("status").text_content().replace("\u00a0", " ")


@pytest.mark.parametrize("look", [*LOOKS])
def test_no_page_of_mending_has_a_fault_that_axe_sees(see, hear, add_account, look: str) -> None:
    (hostile, *_) = hear(HOSTILE, *SAID, "patate poil", "mon courriel [COURRIEL_1]")
    seen = see(**LOOKS[look]).come_in(add_account("marie", "reviewer"))
    wrong = []

    def look_at(name: str) -> None:
        wrong.extend(f"{name}: {each}" for each in seen.violations())
        wrong.extend([f"{name}: wider than the window"] if seen.too_wide() else [])
        assert seen.page.title() != "pris"

    seen.go("/phrases/")
    look_at("the list")
    seen.go(f"/phrases/message/{hostile}")
    look_at("a hostile sentence")
    seen.go(f"/phrases/groupe/{heard_digest(SAID[0])}")
    seen.page.get_by_label("La phrase 1").fill("combien prêtent le fonds")
    seen.page.get_by_label("La phrase 2").fill("bonjour [TELEPHONE_1]")
    seen.page.get_by_label("Le coût du service").check()
    seen.page.get_by_role("button", name="Accepter les phrases choisies").click()
    seen.page.get_by_text("Rien n’est enregistré encore.").wait_for()
    look_at("warnings")
    seen.said = [each for each in seen.said if "422" not in each]
    seen.page.get_by_label("Ou les ignorer").select_option("unreadable")
    seen.page.get_by_role("button", name="Ignorer les phrases choisies").click()
    seen.page.get_by_text("2 phrases ignorées").wait_for()
    seen.go("/phrases/decisions?etat=ignored")
    look_at("the decisions")
    seen.go("/phrases/test/2")
    look_at("no test")
    seen.said = [each for each in seen.said if "422" not in each]
    assert wrong == []
