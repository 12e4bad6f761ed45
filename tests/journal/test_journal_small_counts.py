"""No hidden figure can be computed from those that are shown: an attacker who knows the rules and the sums tries linear programming."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recomputing import Sum, exposed

from journal.needs import Ending, Spot, Tally
from journal.needs_shown import Figure, Places, Row, results, shared
from journal.results import MET, NONE, UNMET
from journal.small_counts import ALL, FEW, MASKED

LAND = {"R1": ["a", "b", "c"], "R2": ["d", "e"], "R3": ["f"], "R4": []}
THEMES = ["argent", "mentor", "cours"]


def sums_of(places: Places) -> Iterator[Sum]:
    """Yield every sum that a reader of all the pages can do: rows, columns, and a region against its MRC."""
    everywhere = [ALL, *places.below(), *(row for region in places.below() for row in places.below(region))]
    for row in everywhere:
        yield (row, ALL), [(row, theme) for theme in places.themes]
    for above in (ALL, *places.below()):
        if below := places.below(above):
            for theme in (*places.themes, ALL):
                yield (above, theme), [(row, theme) for row in below]


def figures_of(places: Places, result: str) -> dict[object, Figure]:
    """Return every figure of a result, on whatever page it stands."""
    everywhere = [ALL, *places.below(), *(row for region in places.below() for row in places.below(region))]
    return {(row, theme): places.figure(result, row, theme) for row in everywhere for theme in (*places.themes, ALL)}


def exposed_by(places: Places) -> list[str]:
    """Return the unmet needs that are hidden and can be computed."""
    figures = figures_of(places, UNMET)
    told = {key: figure.mark or figure.count for key, figure in figures.items()}
    return exposed(told, sums_of(places), {key: figure.tally.all for key, figure in figures.items()})


SPOTS = [Spot(region, mrc, theme, UNMET) for region in LAND for mrc in (*LAND[region], None) for theme in (*THEMES, None)]


@given(st.lists(st.tuples(st.sampled_from(SPOTS), st.sampled_from([1, 1, 2, 3, 4, 5, 5, 6, 9, 40])), max_size=14))
@settings(max_examples=60, deadline=None)
def test_no_hidden_place_can_be_computed_from_all_the_pages_together(told: list[tuple[Spot, int]]) -> None:
    places = Places({spot: Tally(number) for spot, number in told}, LAND, THEMES)
    assert exposed_by(places) == []


@pytest.mark.parametrize("whole", [6, 30, 200, 2_000, 20_000])
def test_no_hidden_place_can_be_computed_in_a_quebec_of_any_size(whole: int) -> None:
    chance = random.Random(whole)
    weights = [chance.random() ** 4 for _ in SPOTS]
    spots: dict[Spot, Tally] = {}
    for spot in chance.choices(SPOTS, weights, k=whole):
        spots[spot] = Tally(spots.get(spot, Tally()).held + 1)
    places = Places(spots, LAND, THEMES)
    assert exposed_by(places) == []
    assert any(figure.mark for figure in figures_of(places, UNMET).values())


def test_what_is_fewer_than_five_is_never_shown_and_nought_is() -> None:
    spots = {Spot("R1", "a", theme, UNMET): Tally(number) for theme, number in (("argent", 4), ("mentor", 5), ("cours", 40))}
    places = Places(spots, LAND, THEMES)
    shown = {figure.count for figure in figures_of(places, UNMET).values()}
    assert not shown & {1, 2, 3, 4}
    assert places.figure(UNMET, Row("R2")).count == 0
    assert places.figure(MET).count == 0


def test_alone_in_its_line_a_small_count_takes_the_smallest_other_with_it() -> None:
    found = shared({"a": Tally(3), "b": Tally(90), "c": Tally(7), "d": Tally(0)}, Figure(Tally(100)))
    assert {key: figure.mark for key, figure in found.items()} == {"a": FEW, "b": None, "c": MASKED, "d": None}


@pytest.mark.parametrize(("few", "is_told"), [((3, 2), False), ((4, 4), True), ((1, 1), True), ((1, 2), False), ((1, 1, 1), True)])
def test_small_counts_hide_one_another_unless_their_sum_tells_them(few: tuple[int, ...], is_told: bool) -> None:
    tallies = {number: Tally(count) for number, count in enumerate(few)}
    found = shared({**tallies, "many": Tally(50)}, Figure(Tally(sum(few) + 50)))
    assert (found["many"].mark == MASKED) is is_told


def test_a_five_does_not_hide_a_one_since_their_sum_would_tell_both() -> None:
    found = shared({"one": Tally(1), "five": Tally(5), "many": Tally(50)}, Figure(Tally(56)))
    assert {key: figure.mark for key, figure in found.items()} == {"one": FEW, "five": None, "many": MASKED}


def test_a_handful_of_conversations_is_not_detailed_at_all() -> None:
    found = shared({"one": Tally(1), "five": Tally(5), "none": Tally(0)}, Figure(Tally(6)))
    assert {figure.mark for figure in found.values()} == {MASKED}


def test_nothing_of_a_small_total_is_detailed() -> None:
    places = Places({Spot("R1", "a", "argent", UNMET): Tally(2), Spot("R2", "d", "cours", UNMET): Tally(60)}, LAND, THEMES)
    below = [places.figure(UNMET, row, theme) for row in places.below(Row("R1")) for theme in ("argent", "cours", ALL)]
    assert {figure.mark for figure in below} == {FEW}


def test_what_details_a_nought_is_a_nought() -> None:
    places = Places({Spot("R1", "a", "argent", UNMET): Tally(2), Spot("R2", "d", "cours", UNMET): Tally(60)}, LAND, THEMES)
    assert places.figure(UNMET, theme="mentor").count == 0
    assert {places.figure(UNMET, row, "mentor").count for region in places.below() for row in (region, *places.below(region))} == {0}
    assert [places.figure(UNMET, Row(region), "argent").mark for region in ("R2", "R3")] == [FEW, None]


def test_a_region_of_one_mrc_says_no_more_by_its_mrc() -> None:
    spots = {
        Spot("R3", "f", "argent", UNMET): Tally(3),
        Spot("R3", "f", "cours", UNMET): Tally(30),
        Spot("R1", "a", "cours", UNMET): Tally(9),
    }
    places = Places(spots, LAND, THEMES)
    for theme in (*THEMES, ALL):
        assert places.figure(UNMET, Row("R3"), theme).mark == places.figure(UNMET, Row("R3", "f"), theme).mark


def test_the_sum_of_results_is_hidden_as_soon_as_one_is() -> None:
    def ending(result: str) -> Ending:
        return Ending("web", result, None, None)

    figures, whole = results({ending(MET): Tally(12), ending(UNMET): Tally(3)})
    assert (figures[MET].count, figures[UNMET].count, whole.count) == (12, None, None)
    assert results({ending(MET): Tally(12), ending(UNMET): Tally(8)})[1].count == 20


def test_a_place_that_is_not_in_the_directory_has_its_row() -> None:
    places = Places({Spot("R9", "z", "argent", UNMET): Tally(9), Spot(None, None, None, UNMET): Tally(8)}, LAND, THEMES)
    assert [row.region for row in places.below()] == ["R1", "R2", "R3", "R4", "R9", NONE]
    assert places.figure(UNMET, Row("R9", "z"), "argent").count == 9
    assert places.figure(UNMET, Row(NONE), NONE).count == 8


def test_purged_conversations_count_in_the_figures_and_in_what_is_hidden() -> None:
    places = Places({Spot("R1", "a", "argent", UNMET): Tally(3, 3), Spot("R1", "b", "argent", UNMET): Tally(1, 2)}, LAND, THEMES)
    assert places.figure(UNMET).tally == Tally(4, 5)
    assert {places.figure(UNMET, Row("R1", mrc), "argent").mark for mrc in "ab"} == {FEW, MASKED}
