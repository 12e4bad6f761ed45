"""What a search gives: cards, more of them, and what the visitor does with them: judge, copy, print, share."""

import re

import pytest
from browser.visitor import SEARCH
from playwright.sync_api import expect

# What is in the frame that is printed, kept before the widget takes it away.
KEEP_PRINTED = """() => {
  window.printed = [];
  const root = document.querySelector("aiguilleur-widget").shadowRoot;
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node.localName !== "iframe") continue;
      node.contentWindow.print = () => printed.push({
        text: node.contentDocument.body.innerText, lang: node.contentDocument.documentElement.lang, title: node.contentDocument.title,
        border: node.contentWindow.getComputedStyle(node.contentDocument.querySelector(".card")).borderTopStyle,
      });
    }
  }).observe(root, { childList: true, subtree: true });
}"""


@pytest.fixture
def searched(visitor):
    """A visitor whose search ended on cards."""
    visitor.begin().ask(SEARCH)
    expect(visitor.cards.first).to_be_visible()
    return visitor


def _feedback(visitor):
    from sqlalchemy import select

    from bot.conversations.models import Feedback

    query = select(Feedback.seq, Feedback.rating, Feedback.reason, Feedback.comment).where(
        Feedback.conversation_id == visitor.conversation()
    )
    return sorted(tuple(row) for row in visitor.server.store.run_here(lambda session: session.execute(query).all()))


def test_each_card_says_why_how_to_reach_the_organisation_its_source_and_date(searched):
    assert searched.cards.count() >= 2
    for card in searched.cards.all():
        expect(card.get_by_role("heading", level=3)).not_to_be_empty()
        expect(card.get_by_role("heading", name="Pourquoi")).to_be_visible()
        expect(card.get_by_role("listitem").first).to_be_visible()
        expect(card.locator(".source")).to_contain_text(re.compile(r"Source\u00a0: \S+\.\S+, .*20\d\d"))
        hrefs = card.get_by_role("link").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        assert hrefs
        assert all(re.match(r"https://|tel:\+?\d+$|mailto:\S+@", href) for href in hrefs)
    searched.shot("cards")


def test_a_card_gives_what_to_dial_to_write_and_to_visit(visitor):
    visitor.begin().ask("on cherche du financement à Trois-Pistoles, on est une coop en démarrage, 50 000 $")
    phone, mail = (visitor.cards.locator(f"a[href^='{scheme}:']").first for scheme in ("tel", "mailto"))
    assert phone.get_attribute("href") == "tel:+1" + re.sub(r"\D", "", phone.inner_text())
    assert mail.get_attribute("href") == f"mailto:{mail.inner_text()}"
    expect(visitor.cards.filter(has_text=phone.inner_text())).to_contain_text("Téléphone\u00a0:")
    site = visitor.cards.first.get_by_role("paragraph").filter(has_text="Site\u00a0:").get_by_role("link")
    expect(site).to_have_attribute("href", re.compile("^https://"))


def test_others_are_shown_on_request_and_none_is_shown_twice(searched):
    searched.press("Voir d’autres")
    names = searched.cards.get_by_role("heading", level=3).all_inner_texts()
    assert len(names) > 2
    assert len(set(names)) == len(names)


def test_a_thumb_down_with_its_reason_and_comment_reaches_the_database(searched):
    searched.button("Pas utile").click()
    expect(searched.button("Pas utile")).to_have_attribute("aria-pressed", "true")
    expect(searched.status).to_have_text("Merci, c’est noté.")
    (seq, *judged), *_ = _feedback(searched)
    assert judged == ["down", None, None]
    searched.button("Ce n’est plus à jour").click()
    expect(searched.button("Ce n’est plus à jour")).to_have_attribute("aria-pressed", "true")
    searched.shot("reasons")
    searched.page.get_by_label("Un mot de plus (facultatif)").fill("le montant a changé, écrivez à moi@exemple.ca")
    searched.button("Envoyer le commentaire").click()
    expect(searched.page.get_by_label("Un mot de plus (facultatif)")).to_be_hidden()
    assert _feedback(searched) == [(seq, "down", "outdated", "le montant a changé, écrivez à [COURRIEL_1]")]


def test_a_thumb_stays_after_a_reload_and_the_last_one_stands(searched):
    searched.button("Pas utile").click()
    expect(searched.button("C’est faux")).to_be_visible()
    searched.button("Utile").click()
    expect(searched.button("Utile")).to_have_attribute("aria-pressed", "true")
    expect(searched.button("Pas utile")).to_have_attribute("aria-pressed", "false")
    expect(searched.button("C’est faux")).to_be_hidden()
    searched.page.reload()
    expect(searched.button("Utile")).to_have_attribute("aria-pressed", "true")
    assert [rating for _, rating, _, _ in _feedback(searched)] == ["up"]


def test_the_whole_conversation_is_judged_apart_from_its_answers(searched):
    searched.button("Évaluer la conversation").click()
    sheet = searched.page.locator(".sheet")
    expect(sheet.get_by_role("button", name="Utile", exact=True)).to_be_focused()
    sheet.get_by_role("button", name="Utile", exact=True).click()
    expect(searched.status).to_have_text("Merci, c’est noté.")
    searched.shot("rating")
    sheet.get_by_role("button", name="Revenir à la conversation").click()
    expect(sheet).to_be_hidden()
    assert _feedback(searched) == [(0, "up", None, None)]


def test_the_cards_are_copied_as_plain_text_with_their_sources(searched):
    searched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    searched.button("Copier").click()
    expect(searched.status).to_have_text("C’est copié.")
    copied = searched.page.evaluate("navigator.clipboard.readText()")
    for name in searched.cards.get_by_role("heading", level=3).all_inner_texts():
        assert name in copied
    assert re.search(r"Source\u00a0: \S+", copied)
    assert "60 000" not in copied.splitlines()[0]


def test_without_the_right_to_use_the_clipboard_the_cards_are_copied_all_the_same(searched):
    searched.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    searched.page.evaluate("document.addEventListener('copy', () => { window.byHand = true; }, true)")
    searched.button("Copier").click()
    expect(searched.status).to_have_text("C’est copié.")
    assert searched.page.evaluate("window.byHand") is True
    expect(searched.button("Copier")).to_be_focused()


def test_the_cards_alone_are_printed_with_a_style_under_the_page_s_policy(searched):
    searched.page.evaluate(KEEP_PRINTED)
    searched.button("Imprimer").click()
    searched.page.wait_for_function("printed.length")
    (printed,) = searched.page.evaluate("printed")
    assert (printed["lang"], printed["title"], printed["border"]) == ("fr-CA", "Aiguilleur", "solid")
    for name in searched.cards.get_by_role("heading", level=3).all_inner_texts():
        assert name in printed["text"]
    assert SEARCH not in printed["text"]


def test_a_shared_page_opens_for_anybody_with_the_cards_and_none_of_the_messages(searched, visit):
    names = searched.cards.get_by_role("heading", level=3).all_inner_texts()
    searched.button("Partager").click()
    address = searched.page.locator(".shared input")
    expect(address).to_be_focused()
    expect(searched.page.locator(".shared")).to_contain_text(re.compile(r"Ce lien fonctionne jusqu’au \d+(er)? \S+ 20\d\d\."))
    searched.shot("share")
    other = visit(address=address.input_value())
    expect(other.page.get_by_role("heading", level=2)).to_have_text(names)
    shown = other.page.locator("body").inner_text()
    assert SEARCH not in shown
    assert "Pas utile" not in shown
    assert "relevée" in shown
    expect(other.page.locator("html")).to_have_attribute("lang", "fr-CA")
    assert ["shared", {}] in searched.heard()
    other.shot("shared-page")


def test_the_address_of_a_shared_page_is_copied(searched):
    searched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    searched.button("Partager").click()
    searched.button("Copier le lien").click()
    expect(searched.status).to_have_text("C’est copié.")
    assert searched.page.evaluate("navigator.clipboard.readText()") == searched.page.locator(".shared input").input_value()


def test_a_shared_page_goes_with_the_conversation(searched, visit):
    searched.button("Partager").click()
    address = searched.page.locator(".shared input").input_value()
    searched.button("Effacer ma conversation").click()
    searched.button("Oui, effacer").click()
    expect(searched.page.locator(".ended")).to_be_visible()
    other = visit(address=f"{searched.server.url}/demo/autre.html")
    other.expects("status of 404")
    other.go(address)
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Page introuvable")
    other.shot("shared-page-gone")
