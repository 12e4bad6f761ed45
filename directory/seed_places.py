"""Read the places of the seed: one tree of territories, their other names, and postal areas."""

import re
from collections.abc import Iterable

from directory import fields
from directory.records import Record, Records, territory_order
from directory.seed_files import Problems, Where, read_csv, read_yaml
from directory.text import slugify
from directory.vocabulary import LEVELS

# Where the list of municipalities, MRC and regions comes from (docs/sources.md); files may name another source.
TERRITORY_SOURCE = "Répertoire des municipalités du Québec (MAMH), Données Québec"
TERRITORY_AS_OF = "2026-03-03"
EQUIVALENT = "territoire équivalent"
OUTSIDE_MRC = "Hors MRC"

MUNICIPALITY_COLUMNS = ("code", "name", "kind", "mrc", "region_code", "region")
MRC_COLUMNS = (
    "code",
    "name",
    "kind",
    "region_code",
    "region",
    "website",
    "phone",
    "email",
    "development_service",
    "source",
    "as_of",
)
SECTOR_COLUMNS = ("name", "municipality_code", "kind", "note", "source")
POSTAL_COLUMNS = ("prefix", "place", "territory_code", "precision")


def read_places(problems: Problems) -> Records:
    """Return the territories (parents first), place aliases and postal areas; problems are noted, not raised."""
    mrcs = read_csv("mrc.csv", MRC_COLUMNS, problems)
    municipalities = read_csv("territories.csv", MUNICIPALITY_COLUMNS, problems)
    sectors = read_csv("sectors.csv", SECTOR_COLUMNS, problems)
    territories = _Territories(problems)
    territories.add_country()
    territories.add_regions([*mrcs, *municipalities])
    territories.add_mrcs(mrcs)
    territories.add_municipalities(municipalities)
    territories.add_sectors(sectors)
    return {
        "territory": {each["code"]: each for each in sorted(territories.found.values(), key=territory_order)},
        "place_alias": _read_aliases(territories.found, problems),
        "postal_area": _read_postal_areas(territories.found, problems),
    }


def mrc_label(name: str, kind: str | None) -> str:
    """Return the name of an MRC as territories.csv writes it."""
    return f"{name} ({EQUIVALENT})" if kind == EQUIVALENT else name


class _Territories:
    """The tree under construction, by code."""

    def __init__(self, problems: Problems) -> None:
        self.found: dict[str, Record] = {}
        self._problems = problems
        self._mrc_by_label: dict[str, Record] = {}

    def _add(self, where: Where, code: str, level: str, parent: str | None, row: dict[str, str]) -> None:
        if code in self.found:
            self._problems.add(where, f"code répété\u00a0: {code} ({self.found[code]['name']})")
            return
        if not row["name"]:
            self._problems.add(where, f"{code}\u00a0: le nom manque")
            return
        given = {name: row.get(name) or None for name in MRC_COLUMNS[5:]}
        source = given["source"] or TERRITORY_SOURCE
        as_of = given["as_of"] or (TERRITORY_AS_OF if source == TERRITORY_SOURCE else None)
        own = {"code": code, "level": level, "name": row["name"], "kind": row["kind"] or None, "parent": parent}
        self.found[code] = {**given, **own, "source": source, "as_of": as_of}

    def add_country(self) -> None:
        self._add(Where("territories.csv"), "QC", "country", None, {"name": "Québec", "kind": "province"})

    def add_regions(self, rows: Iterable[tuple[Where, dict[str, str]]]) -> None:
        for where, row in rows:
            code = f"R{row['region_code']}"
            if not re.fullmatch(r"R\d\d", code):
                self._problems.add(where, f"région «\u00a0{row['region_code']}\u00a0»\u00a0: deux chiffres attendus")
            elif code not in self.found:
                self._add(where, code, "region", "QC", {"name": row["region"], "kind": "région administrative"})
            elif self.found[code]["name"] != row["region"]:
                self._problems.add(where, f"{code} a deux noms\u00a0: {self.found[code]['name']}, {row['region']}")

    def add_mrcs(self, rows: Iterable[tuple[Where, dict[str, str]]]) -> None:
        for where, row in rows:
            if row["code"] != f"mrc-{slugify(row['name'])}":
                self._problems.add(where, f"code «\u00a0{row['code']}\u00a0»\u00a0: mrc-{slugify(row['name'])} attendu")
                continue
            self._add(where, row["code"], "mrc", f"R{row['region_code']}", row)
            self._mrc_by_label[mrc_label(row["name"], row["kind"])] = row

    def add_municipalities(self, rows: Iterable[tuple[Where, dict[str, str]]]) -> None:
        for where, row in rows:
            if not re.fullmatch(r"\d{5}", row["code"]):
                self._problems.add(where, f"code «\u00a0{row['code']}\u00a0»\u00a0: cinq chiffres attendus")
                continue
            self._add(where, row["code"], "municipality", self._parent_of(where, row), row)

    def _parent_of(self, where: Where, row: dict[str, str]) -> str:
        region = f"R{row['region_code']}"
        if row["mrc"].startswith(OUTSIDE_MRC):
            return region
        mrc = self._mrc_by_label.get(row["mrc"])
        if mrc is None:
            self._problems.add(where, f"MRC inconnue\u00a0: {row['mrc']}; ajoutez-la à mrc.csv")
            return region
        if mrc["region_code"] != row["region_code"]:
            self._problems.add(where, f"{row['mrc']} est dans la région {mrc['region_code']}")
        return mrc["code"]

    def add_sectors(self, rows: Iterable[tuple[Where, dict[str, str]]]) -> None:
        for where, row in rows:
            municipality = self.found.get(row["municipality_code"])
            if municipality is None or municipality["level"] != "municipality":
                self._problems.add(where, f"municipalité inconnue\u00a0: {row['municipality_code']} ({row['name']})")
                continue
            code = f"{row['municipality_code']}-{slugify(row['name'])}"
            self._add(where, code, "sector", row["municipality_code"], row)


def _read_aliases(territories: dict[str, Record], problems: Problems) -> dict[str, Record]:
    if not (problems.folder / "place_aliases.yml").exists():
        return {}
    found: dict[str, Record] = {}
    for where, item in read_yaml("place_aliases.yml", problems):
        record, wrong = fields.read_record(item, fields.PLACE_ALIAS)
        unknown = [code for code in record.get("territories") or () if code not in territories]
        wrong += [f"territoire inconnu\u00a0: {code}" for code in unknown]
        if record.get("name") in found:
            wrong.append("nom répété; réunissez ses territoires dans une seule fiche")
        for each in wrong:
            problems.add(where, f"{record.get('name', '?')}\u00a0: {each}")
        if not wrong:
            found[record["name"]] = record
    return found


def _read_postal_areas(territories: dict[str, Record], problems: Problems) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for where, row in read_csv("postal_areas.csv", POSTAL_COLUMNS, problems):
        key = f"{row['prefix']}/{row['territory_code']}"
        wrong = _wrong_postal_area(row, territories, key in found)
        if wrong:
            problems.add(where, f"{row['prefix']}\u00a0: {wrong}")
            continue
        found[key] = {"prefix": row["prefix"], "territory": row["territory_code"], "precision": row["precision"]}
    return found


def _wrong_postal_area(row: dict[str, str], territories: dict[str, Record], seen: bool) -> str | None:
    if not re.fullmatch(r"[A-Z]\d[A-Z]", row["prefix"]):
        return "trois caractères comme G1K sont attendus"
    if row["territory_code"] not in territories:
        return f"territoire inconnu\u00a0: {row['territory_code']}"
    if row["precision"] not in LEVELS:
        return f"précision «\u00a0{row['precision']}\u00a0» inconnue ({', '.join(LEVELS)})"
    return f"répété pour {row['territory_code']}" if seen else None
