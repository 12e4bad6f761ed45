"""The pages of the directory in a real browser: nothing for axe to find, the keyboard and no script suffice, hostile text stays text."""

from collections.abc import Callable

import pytest
from held import RISQ, change, filled, record
from playwright.sync_api import Page
from seeing import LOOKS, Seen
from sqlalchemy.orm import sessionmaker

from console.databases import Databases

HOSTILE = '"><img src=x onerror="document.title=1">\u202e</textarea><script>document.title=2</script>{{7*7}}' + "w" * 300
PAGES = (
    *("/annuaire/?lieu=Louiseville&dedans=1", "/annuaire/?lieu=quebec", "/annuaire/reponses", "/annuaire/lieux"),
    *("/annuaire/a-faire/verifier", "/annuaire/a-faire/incomplets", "/annuaire/a-faire/fermes", "/annuaire/a-faire/liens"),
    *(RISQ, f"{RISQ}/modifier", f"{RISQ}/historique", f"{RISQ}/fermer", f"{RISQ}/supprimer", "/annuaire/lieux/Vieille%20Capitale"),
    *("/annuaire/services/risq-emergence", "/annuaire/services/risq-emergence/modifier", "/annuaire/reponses/risq_montant/modifier"),
    f"{RISQ}/apercu?qui_besoin=financement&qui_lieu=Louiseville",
    "/annuaire/services/risq-emergence/apercu?qui_besoin=mentorat&qui_lieu=quebec",
    *("/annuaire/lieux/Vieille%20Capitale/modifier", "/annuaire/organismes/nouveau"),
)


@pytest.fixture
def directory_url(tmp_path: object) -> str:
    return filled(f"sqlite:///{tmp_path}/directory.db")


@pytest.fixture
def makers(bases: Databases) -> sessionmaker:
    return bases.makers["directory", True]


@pytest.fixture
def editing(see: Callable[..., Seen], add_account: Callable[..., str]) -> Callable[..., Seen]:
    """editing(**look): an editor at a browser."""
    name = add_account("jeanne", "editor")

    def come_in(**look: object) -> Seen:
        seen = see(**look)
        seen.come_in(name)
        return seen

    return come_in


def faults(seen: Seen, name: str) -> list[str]:
    wide = [f"{name}: wider than the window"] if seen.too_wide() else []
    return [f"{name}: {each}" for each in seen.violations()] + wide


@pytest.mark.parametrize("look", [*LOOKS])
def test_no_page_of_a_record_has_a_fault_that_axe_sees(editing: Callable[..., Seen], makers: sessionmaker, look: str) -> None:
    change(makers, "paul", "actor", "risq", note="Vu", aliases=["Le Fonds"])
    seen, wrong = editing(**LOOKS[look]), []
    for path in PAGES:
        wrong += faults(seen.go(path), path)
    assert wrong == []


def test_a_form_with_errors_and_a_meeting_have_no_fault_either(editing: Callable[..., Seen], makers: sessionmaker) -> None:
    seen = editing()
    page = seen.go(f"{RISQ}/modifier").page
    page.get_by_label("Téléphone").fill("12")
    page.get_by_label("Ajouter un lieu").fill("quebec")
    save(page)
    wrong = faults(seen, "errors")
    page.get_by_role("link", name="Téléphone").click()
    assert page.evaluate("document.activeElement.name") == "contact.phone"
    page.get_by_label("Téléphone").fill("514 866-2355")
    page.get_by_label("Québec (ville, Capitale-Nationale)").check()
    change(makers, "paul", "actor", "risq", note="La note de Paul")
    save(page)
    wrong += faults(seen, "meeting")
    page.get_by_text("pendant que vous l’aviez sous les yeux").wait_for()
    save(page)
    page.get_by_text("C’est enregistré.").wait_for()
    seen.said = [each for each in seen.said if "422" not in each and "409" not in each]
    assert wrong == []
    saved = record(makers)
    assert (saved["contact"]["phone"], saved["note"]) == ("514 866-2355", "La note de Paul")
    assert [place["code"] for place in saved["covers"]] == ["23027", "QC"]


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer").first.click()
    page.wait_for_load_state()


def test_the_keyboard_alone_corrects_a_phone(editing: Callable[..., Seen], makers: sessionmaker) -> None:
    page = editing().go("/annuaire/?texte=risq").page
    page.get_by_role("link", name="Réseau d'investissement social du Québec").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Modifier").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Téléphone").focus()
    page.keyboard.type("514 866 2355")
    page.keyboard.press("Enter")
    page.get_by_text("C’est enregistré.").wait_for()
    assert record(makers)["contact"]["phone"] == "514 866-2355"


def test_the_enter_key_in_the_field_of_a_place_searches_it_and_saves_nothing(editing: Callable[..., Seen], makers: sessionmaker) -> None:
    before = record(makers)
    page = editing().go("/annuaire/organismes/risq/modifier").page
    page.get_by_label("Ajouter un lieu").first.fill("Louiseville")
    page.keyboard.press("Enter")
    page.get_by_label("Précision : Louiseville").wait_for()
    assert record(makers) == before


def test_all_of_it_works_without_scripts(editing: Callable[..., Seen], makers: sessionmaker) -> None:
    page = editing(java_script_enabled=False).go("/annuaire/services/risq-emergence/modifier").page
    page.get_by_label("mentorat").check()
    page.get_by_label("Lieu", exact=True).fill("Louiseville")
    page.get_by_label("Besoin", exact=True).select_option("mentorat")
    page.get_by_role("button", name="Voir qui recevrait ceci").click()
    page.get_by_text("cette fiche est proposée").wait_for()
    assert page.url.endswith("#qui")
    assert page.get_by_label("mentorat").is_checked()
    page.get_by_role("button", name="Enregistrer").first.click()
    page.get_by_text("C’est enregistré.").wait_for()
    page.goto(page.url.rpartition("/services/")[0] + "/organismes/risq")
    page.get_by_role("button", name="Vérifié aujourd’hui").click()
    page.get_by_text("C’est noté").wait_for()
    page.get_by_role("link", name="Historique").click()
    page.get_by_role("link", name="Défaire ce changement").first.click()
    page.get_by_role("button", name="Défaire").click()
    page.get_by_text("C’est défait.").wait_for()
    assert record(makers)["verified_on"] is None
    assert "mentorat" in record(makers, "service", "risq-emergence")["needs"]


TEXTS = {
    *("name", "short_name", "summary", "source", "as_of", "note", "category", "cost", "requires", "how_to_apply"),
    *("question", "label", "text"),
}
LISTS = {"aliases", "other_sources", "conditions", "uses", "rows", "sources"}
KEYS = {"actor": ("organismes", "risq"), "service": ("services", "risq-emergence"), "answer": ("reponses", "risq_montant")}


def made_hostile(makers: sessionmaker) -> None:
    """Put the hostile text in every field that takes text, as no form would let anyone."""
    for entity, (_, key) in KEYS.items():
        held = record(makers, entity, key)
        hostile = dict.fromkeys(TEXTS & held.keys(), HOSTILE) | {name: [HOSTILE] for name in LISTS & held.keys()}
        if entity == "actor":
            hostile["contact"] = dict.fromkeys(("phone", "email", "address", "city"), HOSTILE)
            hostile["contact"]["website"] = f"javascript:alert(1)//{HOSTILE}"
            hostile["covers"] = [{"code": "R04", "part": True, "note": HOSTILE}]
        change(makers, HOSTILE, entity, key, **hostile)


def test_hostile_text_in_every_field_stays_text(editing: Callable[..., Seen], makers: sessionmaker) -> None:
    made_hostile(makers)
    seen = editing()
    pages = [
        "/annuaire/",
        "/annuaire/?texte=%22%3E%3Cscript%3E&lieu=%22%3E%3Cscript%3E",
        "/annuaire/reponses",
        "/annuaire/a-faire/incomplets",
    ]
    pages += [f"/annuaire/{word}/{key}{page}" for word, key in KEYS.values() for page in ("", "/modifier", "/historique", "/supprimer")]
    pages += [f"{RISQ}/fermer", f"{RISQ}/apercu?qui_besoin=financement"]
    for path in pages:
        page = seen.go(path).page
        assert page.title() not in ("1", "2"), path
        assert page.locator("main script, main img").count() == 0, path
        assert page.locator("a[href^='javascript']").count() == 0, path
        assert not seen.too_wide(), path
    assert "{{7*7}}" in page.locator("body").inner_text()
