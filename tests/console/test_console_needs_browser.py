"""The needs map in a real browser: drawn under the policy of the console, readable in every look, without scripts, and on paper."""

from collections.abc import Callable

import pytest
from needs_page import ASKED, fill_directory, fill_journal
from seeing import LOOKS, Seen

from console.databases import Databases

PATHS = (f"/besoins/?{ASKED}", f"/besoins/?{ASKED}&region=R04")


@pytest.fixture
def reader(bases: Databases, add_account: Callable[..., str]) -> str:
    """The name of someone who sees the figures of three hundred conversations."""
    fill_directory(bases)
    with bases.journal.writing.begin() as session:
        fill_journal(session, 300)
    return add_account("marie", "reader")


def drawn(seen: Seen) -> list[bool]:
    """Return, for each drawing of the page, whether the browser could draw it."""
    seen.page.wait_for_load_state("networkidle")
    return seen.page.locator("img.drawn").evaluate_all("all => all.map(one => one.complete && one.naturalWidth > 100)")


@pytest.mark.parametrize("look", [*LOOKS])
def test_every_figure_is_drawn_and_reached_in_every_look(see: Callable[..., Seen], reader: str, look: str) -> None:
    seen = see(**LOOKS[look]).come_in(reader)
    for path, number in zip(PATHS, (7, 2), strict=True):
        seen.go(path)
        assert drawn(seen) == [True] * number
        assert seen.violations() == []
        assert not seen.too_wide()


def test_a_dark_page_has_dark_drawings_and_a_printed_one_has_not(see: Callable[..., Seen], reader: str) -> None:
    seen = see(**LOOKS["dark"]).come_in(reader).go(PATHS[0])
    first = seen.page.locator("img.drawn").first
    assert "sombre=1" in first.evaluate("one => one.currentSrc")
    seen.page.emulate_media(media="print")
    seen.page.wait_for_load_state("networkidle")
    assert "sombre=1" not in first.evaluate("one => one.currentSrc")
    for chosen in (".presets", ".filters", ".contents", ".file", ".top"):
        assert not seen.page.locator(chosen).first.is_visible()
    assert seen.page.get_by_role("heading", name="Lire ces chiffres").is_visible()
    assert not seen.too_wide()


def test_without_scripts_one_chooses_days_and_a_region_and_opens_a_figure(see: Callable[..., Seen], reader: str) -> None:
    seen = see(java_script_enabled=False).come_in(reader).go("/besoins/")
    page = seen.page
    page.locator("[name=since]").fill("2026-09-01")
    page.locator("[name=until]").fill("2026-11-29")
    page.get_by_label("Région", exact=True).select_option("Mauricie")
    page.get_by_role("button", name="Afficher").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Besoins\u00a0: Mauricie"
    link = page.locator("#table-places tr.total a").first
    told = link.inner_text()
    link.click()
    assert page.locator("p.count").inner_text().replace("\u00a0", " ") == f"{told} conversations"


def test_a_map_of_the_needs_that_were_met_is_a_link_away(see: Callable[..., Seen], reader: str) -> None:
    page = see().come_in(reader).go(PATHS[0]).page
    page.get_by_role("link", name="besoins comblés", exact=True).click()
    assert page.locator("img.drawn").first.get_attribute("alt").startswith("Carte en tuiles. Besoins comblés, par région.")
    assert page.url.endswith("#places")
