"""Say what is wrong in the directory (errors) and what is not known yet (gaps).

Works on records, so the database and the seed files are checked alike. Each check yields one French
line a finding, which starts with the key of the record.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from directory.records import Record, Records
from directory.text import fold, fold_key

LABEL_MAX_CHARACTERS = 40


@dataclass(frozen=True)
class Check:
    """One thing to look for; an error must be mended, a gap waits for somebody to find the fact."""

    code: str
    title: str
    is_error: bool
    find: Callable[[Records], Iterator[str]]


@dataclass(frozen=True)
class CheckReport:
    """The findings of each check that found something."""

    found: dict[Check, list[str]]

    def total(self, errors: bool) -> int:
        """Return how many errors, or how many gaps, were found."""
        return sum(len(lines) for check, lines in self.found.items() if check.is_error is errors)

    def lines(self, most: int | None = None) -> list[str]:
        """Return the report in French, errors first, at most `most` findings a check."""
        told = []
        for errors, title in ((True, "Erreurs"), (False, "Manques")):
            told.append(f"{title}\u00a0: {self.total(errors)}")
            for check, lines in self.found.items():
                if check.is_error is errors:
                    told += [f"  {check.title} ({len(lines)})", *_shortened(lines, most)]
        return told

    def as_json(self) -> dict[str, object]:
        """Return the report as plain values, every finding included."""
        sides = {"errors": True, "gaps": False}
        report: dict[str, object] = {"totals": {name: self.total(side) for name, side in sides.items()}}
        for name, side in sides.items():
            found = [(check, lines) for check, lines in self.found.items() if check.is_error is side]
            report[name] = {check.code: {"title": check.title, "items": lines} for check, lines in found}
        return report


def _shortened(lines: list[str], most: int | None) -> list[str]:
    shown = lines if most is None else lines[:most]
    rest = len(lines) - len(shown)
    return [f"    {line}" for line in shown] + ([f"    … et {rest} de plus"] if rest else [])


def check(records: Records) -> CheckReport:
    """Return what every check finds in `records`."""
    results = {each: list(each.find(records)) for each in CHECKS}
    return CheckReport({each: lines for each, lines in results.items() if lines})


def _each(records: Records, *entities: str) -> Iterator[tuple[str, Record]]:
    for entity in entities:
        yield from records[entity].items()


def _without_source(records: Records) -> Iterator[str]:
    for key, record in _each(records, "territory", "actor", "service", "answer"):
        if not record.get("source") and not record.get("sources"):
            yield key


def _closed_without_note(records: Records) -> Iterator[str]:
    for key, actor in records["actor"].items():
        if actor["status"] == "closed" and not actor["note"]:
            yield key


def _unknown_territory(records: Records) -> Iterator[str]:
    known = records["territory"]
    for key, actor in records["actor"].items():
        yield from (f"{key}\u00a0: {place['code']}" for place in actor["covers"] if place["code"] not in known)
    for key, alias in records["place_alias"].items():
        yield from (f"{key}\u00a0: {code}" for code in alias["territories"] if code not in known)


def _contradictory_amounts(records: Records) -> Iterator[str]:
    for key, service in records["service"].items():
        low, high, share = service["amount_min"], service["amount_max"], service["share_of_cost_max"]
        if low is not None and high is not None and low > high:
            yield f"{key}\u00a0: de {low} à {high}\u00a0$"
        if share is not None and not 0 <= share <= 1:
            yield f"{key}\u00a0: part de {share} (entre 0 et 1 attendue)"


def _contradictory_dates(records: Records) -> Iterator[str]:
    for key, service in records["service"].items():
        first, last = service["valid_from"], service["valid_to"]
        if first and last and first > last:
            yield f"{key}\u00a0: du {first} au {last}"


def _shared_alias(records: Records) -> Iterator[str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for key, actor in records["actor"].items():
        for name in filter(None, (actor["name"], actor["short_name"], *actor["aliases"])):
            owners[fold_key(name)].add(key)
    for name, keys in owners.items():
        if len(keys) > 1:
            yield f"{', '.join(sorted(keys))}\u00a0: «\u00a0{name}\u00a0»"


def _unknown_reference(records: Records) -> Iterator[str]:
    for key, actor in records["actor"].items():
        if actor["successor"] and actor["successor"] not in records["actor"]:
            yield f"{key}\u00a0: successeur {actor['successor']}"
    for key, answer in records["answer"].items():
        for label, entity, slugs in (
            ("organisme", "actor", [answer["actor"], *answer["see"]]),
            ("service", "service", [answer["service"]]),
            ("réponse", "answer", [answer["twin"], *answer["next"]]),
        ):
            yield from (f"{key}\u00a0: {label} {slug}" for slug in slugs if slug and slug not in records[entity])


def _twice(records: Records) -> Iterator[str]:
    seen: dict[tuple, str] = {}
    for key, service in records["service"].items():
        yield from _seen_before(seen, key, ("service", service["actor"], fold(service["name"])))
    for key, answer in records["answer"].items():
        yield from _seen_before(seen, key, (fold(answer["question"]), answer["legal_form"], answer["stage"]))


def _seen_before(seen: dict[tuple, str], key: str, said: tuple) -> Iterator[str]:
    first = seen.setdefault(said, key)
    if first != key:
        yield f"{key}\u00a0: comme {first}"


def _long_label(records: Records) -> Iterator[str]:
    for key, answer in records["answer"].items():
        if len(answer["label"]) > LABEL_MAX_CHARACTERS:
            yield f"{key}\u00a0: {len(answer['label'])} caractères"


def _without_date(records: Records) -> Iterator[str]:
    for key, record in _each(records, "actor", "service", "answer"):
        if not record["as_of"] and not record.get("verified_on"):
            yield key


def _without_coverage(records: Records) -> Iterator[str]:
    yield from (key for key, actor in _open(records, "actor") if not actor["covers"])


def _unreachable(records: Records) -> Iterator[str]:
    ways = {"website", "phone", "email"}
    yield from (key for key, actor in _open(records, "actor") if not ways & set(actor["contact"]))


def _to_verify(records: Records) -> Iterator[str]:
    for key, record in _each(records, "actor", "service", "answer"):
        if record["status"] == "to_verify":
            yield key


def _incomplete_service(records: Records) -> Iterator[str]:
    names = {"needs": "besoin", "legal_forms": "forme juridique", "stages": "stade"}
    for key, service in _open(records, "service"):
        missing = [french for name, french in names.items() if not service[name]]
        if missing:
            yield f"{key}\u00a0: {', '.join(missing)}"


def _mrc_without_site(records: Records) -> Iterator[str]:
    for key, territory in records["territory"].items():
        if territory["level"] == "mrc" and not territory["website"]:
            yield f"{key}\u00a0: {territory['name']}"


def _clerk_email(records: Records) -> Iterator[str]:
    for key, territory in records["territory"].items():
        if re.match(r"greff|direction|d\.?g\b", territory["email"] or "", re.IGNORECASE):
            yield f"{key}\u00a0: {territory['email']}"


def _region_without_pole(records: Records) -> Iterator[str]:
    territories = records["territory"]
    served = set()
    for _, actor in _open(records, "actor"):
        for place in actor["covers"] if actor["kind"] == "pole" else ():
            served.add(_region_of(place["code"], territories))
    for key, territory in territories.items():
        if territory["level"] == "region" and key not in served:
            yield f"{key}\u00a0: {territory['name']}"


def _region_of(code: str, territories: dict[str, Record]) -> str | None:
    while code in territories and territories[code]["level"] != "region":
        code = territories[code]["parent"]
    return code


def _open(records: Records, entity: str) -> Iterator[tuple[str, Record]]:
    return ((key, record) for key, record in records[entity].items() if record["status"] != "closed")


CHECKS = (
    Check("no_source", "Sans source", True, _without_source),
    Check("closed_without_note", "Organisme fermé sans note", True, _closed_without_note),
    Check("unknown_territory", "Territoire inconnu", True, _unknown_territory),
    Check("amounts", "Montants contradictoires", True, _contradictory_amounts),
    Check("dates", "Dates contradictoires", True, _contradictory_dates),
    Check("shared_alias", "Même nom pour deux organismes", True, _shared_alias),
    Check("unknown_reference", "Renvoi à ce qui n’existe pas", True, _unknown_reference),
    Check("duplicate", "En double", True, _twice),
    Check("clerk_email", "Courriel d’un greffe ou d’une direction générale au lieu d’un service aux entreprises", True, _clerk_email),
    Check("long_label", f"Libellé de plus de {LABEL_MAX_CHARACTERS} caractères", True, _long_label),
    Check("no_date", "Sans date", False, _without_date),
    Check("no_coverage", "Organisme sans territoire", False, _without_coverage),
    Check("unreachable", "Organisme sans site, téléphone ni courriel", False, _unreachable),
    Check("to_verify", "À vérifier", False, _to_verify),
    Check("incomplete_service", "Service dont le besoin, la forme ou le stade n’est pas dit", False, _incomplete_service),
    Check("mrc_without_site", "MRC sans site", False, _mrc_without_site),
    Check("region_without_pole", "Région sans pôle d’économie sociale", False, _region_without_pole),
)
