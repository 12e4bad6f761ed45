"""The drawings of the needs map: the figures of their tables and no other, readable by everybody, drawn for nobody else."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from needs_page import fill_directory, fill_journal, page_of
from staff import Staff

from console.databases import Databases
from console.needs import drawings
from console.needs.draw import draw
from console.needs.drawings import BARS, LINES, TILES, Drawing
from console.needs.land import REGION_TILES
from console.needs.palettes import DARK, LIGHT, SCALE, contrast, ink_on
from console.needs.tiles import step_of, wrapped

# The sheets on which drawings lie (console.css).
SHEETS = {LIGHT: "#ffffff", DARK: "#1c2226"}
EXAMPLES = {
    "tiles": Drawing(
        TILES, ["Besoins"], [["Gaspésie–Îles-de-la-Madeleine", [1234], [0, 0]], ["Laval", ["few"], [1, 0]], ["Estrie", [0], [2, 1]]]
    ),
    "bars": Drawing(BARS, ["Comblés", "Non comblés"], [["mentorat", [12, "masked"]], ["finances & prêts <b>", [0, 7]]]),
    "lines": Drawing(LINES, ["Comblés", "Non comblés"], [["2 nov.", [12, "few"]], ["9 nov.", [30, 8]]]),
}


def words_in(svg: str) -> list[str]:
    """Return the texts of a drawing."""
    return ["".join(node.itertext()).strip() for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture
def reader(bases: Databases, login: Callable[..., Staff]) -> Staff:
    """Someone who sees the figures of three hundred conversations."""
    fill_directory(bases)
    with bases.journal.writing.begin() as session:
        fill_journal(session, 300)
    return login("reader")


def test_a_drawing_says_the_figures_of_its_table(reader: Staff) -> None:
    page = page_of(reader)
    places, themes, actors = (words_in(reader.get(page.drawings[number][0]).get_data(as_text=True)) for number in (0, 1, 3))
    unmet = page.tables["places"].column("Besoins non comblés")
    for name in ("Mauricie", "Estrie", "Laval"):
        assert places[places.index(name) + 1] == unmet[name]
    in_the_table = [text for row in page.tables["themes"].rows[:-1] for text in row[1:3]]
    assert sorted(themes[-len(in_the_table) - 2 : -2]) == sorted(in_the_table)
    assert {row[1] for row in page.tables["actors"].rows} <= {*actors}


def test_a_drawing_is_told_in_words_too(reader: Staff) -> None:
    for _, alt in page_of(reader).drawings:
        assert re.search(r"Les plus élevés\u00a0: .+, \d+", alt), alt
        assert alt.endswith("Les mêmes chiffres sont dans le tableau qui suit.")


def test_what_this_console_did_not_write_is_not_drawn(reader: Staff, console: Flask) -> None:
    address = page_of(reader).drawings[0][0]
    assert reader.get(address).status_code == 200
    assert reader.get(address[:-3] + "abc").status_code == 404
    assert reader.get("/besoins/dessin.svg").status_code == 404
    with console.app_context():
        other = drawings.signed(list(EXAMPLES["bars"]), "another purpose")
    assert reader.get(f"/besoins/dessin.svg?d={other}").status_code == 404


def test_a_drawing_is_closed_to_who_is_not_logged_in(reader: Staff, visitor: Staff) -> None:
    answer = visitor.get(page_of(reader).drawings[0][0])
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/connexion")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_drawing_needs_nothing_that_the_policy_refuses(kind: str, dark: bool) -> None:
    svg = draw(EXAMPLES[kind], dark)
    assert not re.search(r"<style|style=|<script|href=\"http|url\((?!#)|<image|DOCTYPE", svg)
    assert "system-ui" in svg
    assert "Besoins" in words_in(svg) or "Comblés" in words_in(svg)


def test_what_is_hidden_is_drawn_the_same_whatever_it_hides() -> None:
    for mark, told in (("few", "moins\u00a0de\u00a05"), ("masked", "masqué")):
        svg = draw(Drawing(BARS, ["Conversations"], [["a", [mark]], ["b", [50]]]))
        assert told in words_in(svg)
    assert "chiffre non montré" in words_in(draw(EXAMPLES["lines"]))


def test_hostile_names_are_text_in_a_drawing() -> None:
    assert "finances & prêts <b>" in words_in(draw(EXAMPLES["bars"]))


@pytest.mark.parametrize(("palette", "sheet"), [*SHEETS.items()])
def test_what_a_drawing_says_has_contrast(palette: object, sheet: str) -> None:
    assert min(contrast(ink, ground) for ink in (palette.ink, palette.soft) for ground in (sheet, palette.empty)) >= 4.5
    assert min(contrast(colour, sheet) for colour in (*palette.series, palette.line)) >= 3


def test_a_figure_is_read_on_every_colour_of_the_map() -> None:
    assert min(contrast(ink_on(colour), colour) for colour in SCALE) >= 4.5
    lights = [contrast(colour, "#000000") for colour in SCALE]
    assert lights == sorted(lights, reverse=True)


@pytest.mark.parametrize("most", [0, 5, 24, 26, 99, 1240, 123_456])
def test_the_colours_reach_the_largest_figure(most: int) -> None:
    assert step_of([0, most]) * len(SCALE) >= most
    assert step_of([most]) >= 5


def test_each_region_has_its_tile_and_no_two_the_same() -> None:
    assert {*REGION_TILES} == {f"R{number:02}" for number in range(1, 18)}
    assert len({*REGION_TILES.values()}) == 17


def test_a_long_name_is_broken_after_its_hyphens() -> None:
    assert wrapped("Gaspésie–Îles-de-la-Madeleine", 14) == ["Gaspésie–Îles-", "de-la-", "Madeleine"]
    assert wrapped("Laval", 14) == ["Laval"]
