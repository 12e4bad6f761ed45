"""The directory is found and read in the console: lists, filters, records without codes, files that open safely."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timezone

import pytest
from clocks import Clock
from held import RISQ, change, filled, record, text_of
from sqlalchemy.orm import sessionmaker
from staff import Staff
from werkzeug.test import TestResponse

from console.databases import Databases
from directory.links import LinkResult, keep
from directory.queries import directory_version


@pytest.fixture
def directory_url(tmp_path: object) -> str:
    return filled(f"sqlite:///{tmp_path}/directory.db")


@pytest.fixture
def makers(bases: Databases) -> sessionmaker:
    return bases.makers["directory", True]


@pytest.fixture
def reader(login: Callable[..., Staff]) -> Staff:
    return login("reader")


def names(staff: Staff, query: str = "") -> list[str]:
    """Return the organisations of a list, in order."""
    page = staff.get(f"/annuaire/{query}").get_data(as_text=True)
    return [part.partition('"')[0] for part in page.split("/annuaire/organismes/")[1:] if "<" not in part.partition('"')[0][:60]]


def slugs(staff: Staff, query: str = "") -> list[str]:
    return [name for name in names(staff, query) if name in ("risq", "pole-mauricie", "reseau-mentorat")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["pole-mauricie", "risq", "reseau-mentorat"]),
        ("?texte=POLE+d%27economie", ["pole-mauricie"]),
        ("?texte=fonds+risq", ["risq"]),
        ("?genre=mentorat", ["reseau-mentorat"]),
        ("?etat=closed", ["reseau-mentorat"]),
        ("?besoin=financement", ["risq"]),
        ("?lieu=louiseville&genre=pole", ["pole-mauricie"]),
        ("?lieu=R03&genre=pole", []),
        ("?lieu=R03&genre=pole&dedans=1", ["pole-mauricie"]),
        ("?age=late", ["pole-mauricie", "risq"]),
        ("?genre=inconnu&page=99999&etat=%27--", ["pole-mauricie", "risq", "reseau-mentorat"]),
    ],
)
def test_organisations_are_found_by_their_filters(reader: Staff, query: str, found: list[str]) -> None:
    assert sorted(slugs(reader, query)) == sorted(found)


def test_a_place_says_by_what_it_is_served_nearest_first(reader: Staff) -> None:
    assert slugs(reader, "?lieu=Louiseville")[0] == "pole-mauricie"
    page = text_of(reader.get("/annuaire/?lieu=Louiseville"))
    assert "pour Louiseville (ville, MRC de Maskinongé, Mauricie)" in page
    assert "Mauricie (région)" in page


def test_a_name_of_several_places_asks_which(reader: Staff) -> None:
    page = text_of(reader.get("/annuaire/?lieu=quebec"))
    assert "peut désigner plusieurs lieux" in page
    assert "Québec (ville, Capitale-Nationale)" in page
    assert "Aucun lieu ne porte ce nom." in text_of(reader.get("/annuaire/?lieu=zzz"))


def test_a_record_is_told_without_codes(reader: Staff) -> None:
    page = text_of(reader.get(RISQ))
    for said in ("Réseau d'investissement social du Québec", "Genre d’organisme financement", "Tout le Québec", "Fonds Aide technique"):
        assert said in page
    service = text_of(reader.get("/annuaire/services/risq-aide-technique"))
    for said in ("coopérative OBNL", "prédémarrage démarrage", "10 000 $", "90 %", "aide à la préparation"):
        assert said in service
    for code in ("aide_technique", "predemarrage", "cooperative", "to_verify"):
        assert code not in service
    assert "Le montant de l’aide technique" in text_of(reader.get("/annuaire/reponses/risq_admissibilite"))
    assert "Québec (territoire équivalent, Capitale-Nationale)" in text_of(reader.get("/annuaire/lieux/Vieille%20Capitale"))


def test_who_only_reads_is_shown_no_way_to_change(reader: Staff, login: Callable[..., Staff]) -> None:
    editor = login("editor")
    for page in (RISQ, "/annuaire/", "/annuaire/reponses", "/annuaire/lieux", f"{RISQ}/historique", "/annuaire/a-faire/verifier"):
        read, edited = (staff.get(page).get_data(as_text=True) for staff in (reader, editor))
        for way in ("/modifier", "/nouveau", "/supprimer", '/verifie"', "/fermer", "/importer", "/changements/"):
            assert way not in read, (page, way)
        assert edited != read


def test_pages_of_what_is_not_there_say_so(reader: Staff) -> None:
    for path in (
        "organismes/personne",
        "services/aucun",
        "reponses/aucune",
        "lieux/nulle%20part",
        "zones/J5V",
        "organismes/personne/historique",
    ):
        assert reader.get(f"/annuaire/{path}").status_code == 404
    assert reader.get("/annuaire/a-faire/rien").status_code == 404


def test_what_waits_is_listed_and_told_on_the_first_page(login: Callable[..., Staff], makers: sessionmaker) -> None:
    editor = login("editor")
    assert "2 organismes à vérifier" in text_of(editor.get("/")).replace("2 organismes", "2 organismes")
    assert "jamais vérifié" in text_of(editor.get("/annuaire/a-faire/verifier"))
    assert "A cessé ses activités le 2025-12-19." in text_of(editor.get("/annuaire/a-faire/fermes"))
    assert "Sans date" in text_of(editor.get("/annuaire/a-faire/incomplets"))
    change(makers, "paul", "answer", "risq_montant", gone=True)
    assert "par paul" in text_of(editor.get("/annuaire/a-faire/supprimes"))


def test_dead_links_are_shown_in_their_list_and_beside_the_address(reader: Staff, bases: Databases) -> None:
    when = datetime(2026, 11, 28, 15, tzinfo=timezone.utc)
    with bases.makers["directory", True].kw["bind"].begin() as connection:
        keep(connection, LinkResult("https://fonds-risq.qc.ca", when, "dead", "la page n’existe plus (réponse 404)"))
        keep(connection, LinkResult("https://ailleurs.ca", when, "dead", "le nom du site n’existe plus"))
    listed = text_of(reader.get("/annuaire/a-faire/liens"))
    assert "la page n’existe plus (réponse 404)" in listed
    assert "Réseau d'investissement social du Québec (site web)" in listed
    assert "ailleurs.ca" not in listed
    assert "lien mort la page n’existe plus (réponse 404), vu le 28 novembre 2026." in text_of(reader.get(RISQ))


def test_a_preview_of_what_is_kept_tells_the_rank_or_why_not(reader: Staff) -> None:
    service = "/annuaire/services/risq-aide-technique/apercu"
    page = text_of(reader.get(f"{service}?qui_besoin=financement&qui_lieu=Louiseville&qui_montant=5+000+$"))
    assert "Cette fiche est proposée : la première." in page
    assert "le montant y entre, de 1 000 $ à 10 000 $" in page
    why = text_of(reader.get(f"{service}?qui_besoin=mentorat"))
    assert "ne répond pas au besoin « mentorat »" in why
    where = text_of(reader.get("/annuaire/organismes/pole-mauricie/apercu"))
    assert "Dessert 3 municipalités sur 5, dont certaines en partie seulement : Mauricie : toute la région" in where
    wrong = text_of(reader.get(f"{RISQ}/apercu?qui_besoin=financement&qui_lieu=quebec&qui_montant=beaucoup"))
    assert "choisissez-en un dans la liste" in wrong
    assert "n’est pas un nombre entier de dollars" in wrong


def test_a_preview_changes_nothing(reader: Staff, makers: sessionmaker) -> None:
    with makers() as session:
        before = directory_version(session)
    reader.get("/annuaire/services/risq-aide-technique/apercu?qui_besoin=financement")
    with makers() as session:
        assert directory_version(session) == before


def table(answer: TestResponse) -> list[dict[str, str]]:
    """Return the rows of a file."""
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_a_file_holds_the_list_that_is_shown(reader: Staff, clock: Clock) -> None:
    answer = reader.get("/annuaire/organismes.csv?genre=pole")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=organismes-2026-11-28.csv"
    assert [row["slug"] for row in table(answer)] == ["pole-mauricie"]
    services = table(reader.get("/annuaire/services.csv?texte=risq"))
    assert [row["slug"] for row in services] == ["risq-aide-technique", "risq-emergence"]
    assert [row["slug"] for row in table(reader.get("/annuaire/reponses.csv?texte=admissibilite"))] == ["risq_admissibilite"]


def test_no_cell_of_a_file_is_a_formula(reader: Staff, makers: sessionmaker) -> None:
    change(makers, "x", "actor", "risq", name='=HYPERLINK("http://x")', note="+1", summary="@x", short_name="-x", aliases=["=1+1"])
    rows = table(reader.get("/annuaire/organismes.csv"))
    assert [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert '\'=HYPERLINK("http://x")' in [row["name"] for row in rows]
    assert record(makers)["name"] == '=HYPERLINK("http://x")'
