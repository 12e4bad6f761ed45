"""The names in the seed hold together: every code exists, no name is given twice, no guard is idle."""

from collections import Counter
from pathlib import Path

import pytest

from directory.places import Place, PlaceAlias, PlaceIndex
from directory.places_everyday import MASK, BadPlaceWords, Everyday, read_everyday
from directory.places_words import keys_of
from directory.text import fold


def test_every_alias_and_area_leads_to_known_territories(aliases: list[PlaceAlias], everyday: Everyday, places: list[Place]) -> None:
    known = {place.code for place in places}
    lost = [(alias.name, code) for alias in (*aliases, *everyday.aliases) for code in alias.codes if code not in known]

    assert lost == []


def test_no_name_is_given_twice(aliases: list[PlaceAlias], everyday: Everyday) -> None:
    names = Counter(keys_of(alias.name) for alias in (*aliases, *everyday.aliases))

    assert [name for name, times in names.items() if times > 1] == []


def test_every_alias_is_found_when_named_alone(index: PlaceIndex, aliases: list[PlaceAlias], everyday: Everyday) -> None:
    missed = []
    for alias in (*aliases, *everyday.aliases):
        found = {code for mention in index.find(alias.name) for code in mention.codes}
        if alias.kind != MASK and not set(alias.codes) <= found:
            missed.append((alias, index.find(alias.name)))

    assert missed == []


def test_what_is_no_place_is_no_mention(index: PlaceIndex, everyday: Everyday) -> None:
    masks = [alias.name for alias in everyday.aliases if alias.kind == MASK]

    assert [(name, index.find(name)) for name in masks if index.find(name)] == []


def test_every_guard_guards_a_name(everyday: Everyday, places: list[Place], aliases: list[PlaceAlias]) -> None:
    names = {keys_of(each.name) for each in (*places, *aliases, *everyday.aliases)}

    assert [guarded for guarded in everyday.guards if guarded not in names] == []


def test_the_word_lists_are_folded(everyday: Everyday) -> None:
    assert [word for word in everyday.ordinary | everyday.given_names if fold(word) != word] == []


def test_an_unusable_file_says_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text("areas: [{name: La Beauce}]\n", encoding="utf-8")

    with pytest.raises(BadPlaceWords, match="La Beauce"):
        read_everyday(tmp_path / "bad.yml")
    with pytest.raises(BadPlaceWords, match="missing.yml"):
        read_everyday(tmp_path / "missing.yml")
