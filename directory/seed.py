"""Read and validate the whole seed folder before anything is written."""

from pathlib import Path

import yaml

from directory import fields
from directory.errors import SeedError
from directory.records import Record, Records
from directory.seed_files import MANIFEST, Problems, Where, read_yaml, yaml_files
from directory.seed_places import read_places


def read_seed(folder: Path) -> Records:
    """Return what the seed says, entity by entity, in an order in which it can be written.

    Raises:
        SeedError: with everything that is wrong, one `path:line: what is wrong` a problem.
    """
    if not folder.is_dir():
        raise SeedError([f"{folder}: dossier introuvable; donnez le dossier des données de départ avec --seed"])
    problems = Problems(folder)
    records = read_places(problems)
    _check_manifest(problems)
    reader = _ActorReader(problems, records["territory"])
    for file in yaml_files("actors", problems):
        for where, item in read_yaml(file, problems):
            reader.read(where, item)
    answers = _read_answers(problems)
    if problems.found:
        raise SeedError(problems.found)
    return {**records, "actor": reader.actors, "service": reader.services, "answer": answers}


def _check_manifest(problems: Problems) -> None:
    """Note the files of actors and answers that the manifest lists and that are not there; a folder without one is taken as it is.

    The other files have fixed names: their readers miss them.
    """
    if not (problems.folder / MANIFEST).is_file():
        return
    listed = yaml.safe_load((problems.folder / MANIFEST).read_text(encoding="utf-8")) or []
    for file in listed:
        if file.startswith(("actors/", "answers/")) and not (problems.folder / file).is_file():
            problems.add(Where(file), f"fichier absent, que {MANIFEST} annonce\u00a0: remettez-le, ou retirez-le du manifeste")


class _ActorReader:
    """Gathers actors, and their services apart, by slug."""

    def __init__(self, problems: Problems, territories: dict[str, Record]) -> None:
        self.actors: dict[str, Record] = {}
        self.services: dict[str, Record] = {}
        self._problems = problems
        self._territories = territories
        self._seen: dict[tuple[str, str], Where] = {}

    def read(self, where: Where, item: object) -> None:
        given = dict(item) if isinstance(item, dict) else item
        services = given.pop("services", None) or [] if isinstance(given, dict) else []
        record = self._checked("actor", where, given, fields.ACTOR)
        if record is None:
            return
        for place in record.get("covers") or ():
            if place["code"] not in self._territories:
                self._problems.add(where, f"{record['slug']}\u00a0: covers\u00a0: territoire inconnu\u00a0: {place['code']}")
        self.actors[record["slug"]] = record
        self._read_services(where, record["slug"], services)

    def _read_services(self, where: Where, actor: str, items: object) -> None:
        if not isinstance(items, list):
            self._problems.add(where, f"{actor}\u00a0: services\u00a0: une liste est attendue")
            return
        for item in items:
            place = Where(where.file, getattr(item, "line", where.line))
            given = {**item, "actor": actor} if isinstance(item, dict) else item
            record = self._checked("service", place, given, fields.SERVICE)
            if record is not None:
                self.services[record["slug"]] = record

    def _checked(self, entity: str, where: Where, given: object, expected: dict) -> Record | None:
        record, wrong = fields.read_record(given, expected)
        slug = record.get("slug")
        first = self._seen.setdefault((entity, slug), where)
        if slug and first is not where:
            wrong.append(f"identifiant déjà donné à {first}")
        for each in wrong:
            self._problems.add(where, f"{slug or '?'}\u00a0: {each}")
        return None if wrong else record


def _read_answers(problems: Problems) -> dict[str, Record]:
    found: dict[str, Record] = {}
    seen: dict[str, Where] = {}
    for file in yaml_files("answers", problems):
        for where, item in read_yaml(file, problems):
            record, wrong = fields.read_record(item, fields.ANSWER)
            slug = record.get("slug")
            if slug in seen:
                wrong.append(f"identifiant déjà donné à {seen[slug]}")
            for each in wrong:
                problems.add(where, f"{slug or '?'}\u00a0: {each}")
            if slug:
                seen.setdefault(slug, where)
                found[slug] = record
    return found
