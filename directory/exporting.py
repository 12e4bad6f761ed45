"""Write the directory to files: YAML in the format of the seed, or CSV for a spreadsheet.

A YAML export imports again as the same directory: actors go to a file a kind, answers to a file an actor.
CSV opens in a spreadsheet, and comes back by `csv_records`: a list becomes one cell (`csv_cells`).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from directory import fields
from directory.csv_cells import cell
from directory.records import ENTITIES, Record, Records
from directory.seed_files import MANIFEST
from directory.seed_places import (
    MRC_COLUMNS,
    MUNICIPALITY_COLUMNS,
    OUTSIDE_MRC,
    POSTAL_COLUMNS,
    SECTOR_COLUMNS,
    mrc_label,
)
from settings import load_settings

GENERAL = "general"
DATED = ("source", "as_of")


def export_yaml(records: Records, folder: Path, words: Path | None = None) -> list[Path]:
    """Write a seed folder and return its files; files of the same names are replaced.

    `words`, which no table holds, is copied (default: place_words.yml of the seed). Regions and Québec are told by
    their municipalities: what else is known of them is not exported.
    """
    files = [*_write_places(records, folder), _copied(words or load_settings().seed_dir / "place_words.yml", folder)]
    for name, items in _grouped(records["actor"], "kind").items():
        whole = [_actor_with_services(actor, records["service"]) for actor in items]
        files.append(_write_yaml(folder / "actors" / f"{name}.yml", whole))
    for name, items in _grouped(records["answer"], "actor").items():
        files.append(_write_yaml(folder / "answers" / f"{name}.yml", items))
    for empty in ("actors", "answers"):
        (folder / empty).mkdir(parents=True, exist_ok=True)
    return [*files, _write_yaml(folder / MANIFEST, sorted(file.relative_to(folder).as_posix() for file in files))]


def _copied(file: Path, folder: Path) -> Path:
    copy = folder / file.name
    copy.write_bytes(file.read_bytes())
    return copy


def export_csv(records: Records, folder: Path) -> list[Path]:
    """Write one table an entity and return the files; files of the same names are replaced."""
    files = []
    for entity in ENTITIES:
        rows = _cells(records[entity].values())
        if rows:
            files.append(_write_csv(folder / f"{entity}.csv", tuple(rows[0]), rows))
    return files


def csv_table(records: Iterable[Record], columns: Iterable[str]) -> str:
    """Return records of one entity as one CSV table, with the mark by which spreadsheets know UTF-8; without any, only the columns."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(columns), extrasaction="ignore", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(_cells(records))
    return "\ufeff" + file.getvalue()


def _cells(records: Iterable[Record]) -> list[dict[str, object]]:
    return [{name: cell(value) for name, value in record.items()} for record in records]


def _grouped(records: Mapping[str, Record], field: str) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records.values():
        groups[record[field] or GENERAL].append(record)
    return groups


def _actor_with_services(actor: Record, services: Mapping[str, Record]) -> Record:
    covers = [place if place["part"] or place["note"] else place["code"] for place in actor["covers"]]
    own = [service for service in services.values() if service["actor"] == actor["slug"]]
    ordered = {name: actor[name] for name in fields.ACTOR}
    told = [{name: service[name] for name in fields.SERVICE if name != "actor"} for service in own]
    return {**ordered, "covers": covers, "services": told}


def _write_places(records: Records, folder: Path) -> list[Path]:
    territories = records["territory"]
    levels: dict[str, list[Record]] = defaultdict(list)
    for territory in territories.values():
        levels[territory["level"]].append(territory)
    mrcs = [{**each, **_region(each, territories)} for each in levels["mrc"]]
    towns = [{**each, **_region(each, territories), "mrc": _mrc(each, territories)} for each in levels["municipality"]]
    sectors = [{**each, "municipality_code": each["parent"]} for each in levels["sector"]]
    postal = [{**each, "territory_code": each["territory"]} for each in records["postal_area"].values()]
    postal = [{**each, "place": territories[each["territory"]]["name"]} for each in postal]
    return [
        _write_csv(folder / "mrc.csv", MRC_COLUMNS, mrcs),
        _write_csv(folder / "territories.csv", (*MUNICIPALITY_COLUMNS, *DATED), towns),
        _write_csv(folder / "sectors.csv", (*SECTOR_COLUMNS, "as_of"), sectors),
        _write_csv(folder / "postal_areas.csv", POSTAL_COLUMNS, postal),
        _write_yaml(folder / "place_aliases.yml", list(records["place_alias"].values())),
    ]


def _region(territory: Record, territories: Mapping[str, Record]) -> dict[str, str]:
    above = territories[territory["parent"]]
    region = above if above["level"] == "region" else territories[above["parent"]]
    return {"region_code": region["code"].removeprefix("R"), "region": region["name"]}


def _mrc(territory: Record, territories: Mapping[str, Record]) -> str:
    above = territories[territory["parent"]]
    return mrc_label(above["name"], above["kind"]) if above["level"] == "mrc" else OUTSIDE_MRC


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[Record]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _write_yaml(path: Path, items: list[Record]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        yaml.safe_dump(items, file, allow_unicode=True, sort_keys=False, width=100)
    return path
