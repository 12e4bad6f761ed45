"""WCAG 2.2 AA as far as axe can tell, on every page, in light and in dark; on a tablet and on a phone, nothing is wider."""

from collections.abc import Callable

import pytest
from examples import PAGES
from seeing import LOOKS, Seen

# What axe measures depends on colours, and hardly on the width.
COLOURS = ("light", "dark")


@pytest.mark.parametrize("look", [*LOOKS])
def test_no_page_has_a_fault_that_axe_sees(see: Callable[..., Seen], add_account: Callable[..., str], look: str) -> None:
    wrong = []
    for role in dict.fromkeys(role for _, role in PAGES):
        seen = see(**LOOKS[look])
        if role:
            seen.come_in(add_account(f"agent-{role}", role))
        for path in [path for path, opens in PAGES if opens == role]:
            seen.go(path)
            wrong += [f"{path}: {each}" for each in seen.violations()] if look in COLOURS else []
            wrong += [f"{path}: wider than the window"] if seen.too_wide() else []
        seen.said = [each for each in seen.said if "404" not in each and "410" not in each]
    assert wrong == []


def test_the_keyboard_alone_logs_in_and_out(see: Callable[..., Seen], add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    page = see().go("/connexion").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    for text in ("marie", "une phrase longue et simple", ""):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Bonjour").wait_for()
    page.get_by_role("button", name="Se déconnecter").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Vous êtes déconnecté.").wait_for()


def test_a_password_may_be_pasted_and_kept_by_a_manager(see: Callable[..., Seen]) -> None:
    page = see().go("/connexion").page
    for label, kind in (("Nom d’utilisateur", "username"), ("Mot de passe", "current-password"), ("Code à six chiffres", "one-time-code")):
        field = page.get_by_label(label)
        assert field.get_attribute("autocomplete") == kind
        assert field.evaluate("node => { node.focus(); return document.execCommand('insertText', false, 'collé'); }")
        assert field.input_value() == "collé"
