"""Postal codes, whole, short or masked by the door."""

import pytest

from directory.places import PlaceIndex

TROIS_RIVIERES = ("37067",)


@pytest.mark.parametrize(
    ("text", "surface", "codes"),
    [
        ("G9A 2W1", "G9A 2W1", TROIS_RIVIERES),
        ("g9a2w1", "g9a2w1", TROIS_RIVIERES),
        ("G9A-2W1", "G9A-2W1", TROIS_RIVIERES),
        ("mon code c'est G9A 2W1.", "G9A 2W1", TROIS_RIVIERES),
        ("[CODE_POSTAL G9A]", "[CODE_POSTAL G9A]", TROIS_RIVIERES),
        ("j'habite [CODE_POSTAL_1 G9A] merci", "[CODE_POSTAL_1 G9A]", TROIS_RIVIERES),
        ("j0b", "j0b", ("R05", "49005")),
        ("H2H", "H2H", ("66023-le-plateau-mont-royal",)),
        ("J6E", "J6E", ("61025", "61035", "61030", "61020", "61005")),
    ],
)
def test_a_postal_code_gives_its_places(index: PlaceIndex, text: str, surface: str, codes: tuple[str, ...]) -> None:
    (mention,) = index.find(text)

    assert (mention.surface, mention.codes, mention.level_hint) == (surface, codes, "postal")


@pytest.mark.parametrize(("text", "kind"), [("J0B", "several"), ("G9A", "one"), ("G0T", "several"), ("J0B à Coaticook", "one")])
def test_an_area_over_several_regions_is_asked_about(index: PlaceIndex, text: str, kind: str) -> None:
    assert index.resolve(index.find(text)).kind == kind


@pytest.mark.parametrize("text", ["K1A 0B1", "mon code postal est M5V", "[CODE_POSTAL E1C]"])
def test_another_province_is_outside(index: PlaceIndex, text: str) -> None:
    (mention,) = index.find(text)

    assert (mention.codes, mention.level_hint) == ((), "outside_quebec")


def test_an_unknown_postal_code_of_quebec_gives_no_place(index: PlaceIndex) -> None:
    (mention,) = index.find("G4B 1A1")

    assert (mention.codes, mention.level_hint) == ((), "postal")


@pytest.mark.parametrize("text", ["H1N1", "H2O", "du B2B", "G20", "un A1C-12", "PG9A", "G9AB", "[CODE_POSTAL_1]", "J2EE"])
def test_what_only_looks_like_a_postal_code_is_none(index: PlaceIndex, text: str) -> None:
    assert index.find(text) == []
