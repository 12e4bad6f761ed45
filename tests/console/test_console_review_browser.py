"""Review in a real browser: by keyboard alone, with hostile text in every field, and as axe sees it when there is something to see."""

from collections.abc import Callable

import pytest
from made import NOON, card, make, reply, turn
from reviewed import fill_directory, row_of, talk
from seeing import LOOKS, Seen

from console.databases import Databases
from directory.models import Actor
from journal.filters import Filters
from journal.notes import notes_of, write_note
from journal.reviewing import flag, put_tag, tags_of
from journal.told import FOUND
from journal.views import save_view

# What a person, an organisation or a member of staff may write: markup, an address that runs, marks that turn the text around, signs that
# are not seen, a formula, and a text without end.
PAYLOADS = (
    "<script>document.title='pris'</script>",
    "<img src=x onerror=\"document.title='pris'\">",
    '"><svg onload="document.title=\'pris\'">',
    "' autofocus onfocus='document.title=1' x='",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:document.title='pris'",
    "\u202egnop\u202c \u2067envers\u2069 \u200b\u200d\ufeff",
    '=HYPERLINK("http://mal.example")',
    "</textarea></title></script><h1>pris</h1>",
)
HUGE = "x" * 100_000


@pytest.fixture
def marie(see: Callable[..., Seen], bases: Databases, add_account: Callable[..., str]) -> Seen:
    """Someone who reviews, at the first page."""
    fill_directory(bases)
    return see().come_in(add_account("marie", "reviewer"))


def _press(seen: Seen, *keys: str) -> None:
    for key in keys:
        seen.page.keyboard.press(key)


def _tab_to(seen: Seen, name: str) -> None:
    """Press Tab until the focus is on what bears that name."""
    for _ in range(80):
        _press(seen, "Tab")
        told = seen.page.evaluate("document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent")
        if told.strip().startswith(name):
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_the_keyboard_alone_filters_opens_tags_notes_and_settles(marie: Seen, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        ids = [talk(session, name) for name in ("one", "two", "three")]
        make(session, "other", turn("rien à voir", "greet"))
    page = marie.go("/conversations/").page
    _press(marie, "/")
    page.keyboard.type("jkx/neup?")
    assert page.get_by_label("Mots").input_value() == "jkx/neup?", "a key did something while one was typing"
    page.get_by_label("Mots").fill("louiseville")
    _tab_to(marie, "État")
    _press(marie, "ArrowDown")
    _tab_to(marie, "Filtrer")
    _press(marie, "Enter")
    page.locator("#count", has_text="3\u00a0conversations").wait_for()
    assert page.url.endswith("/conversations/?status=to_review&words=louiseville")
    _press(marie, "j", "j", "k", "Enter")
    page.get_by_role("heading", name=f"Conversation {ids[2]}").wait_for()
    _press(marie, "n")
    page.get_by_role("heading", name=f"Conversation {ids[1]}").wait_for()
    _press(marie, "p")
    page.get_by_role("heading", name=f"Conversation {ids[2]}").wait_for()
    _tab_to(marie, "Ajouter une étiquette")
    page.keyboard.type("prêt? neuf")
    _press(marie, "Enter")
    page.locator(".bar .flash", has_text="est mise").wait_for()
    assert page.evaluate("document.activeElement.id") == "tag", "the focus is lost after a tag"
    _tab_to(marie, "Écrire une note")
    page.keyboard.type("jenpu")
    _press(marie, "Tab")
    _press(marie, "Enter")
    page.locator(".bar .flash", has_text="La note est gardée").wait_for()
    page.evaluate("document.activeElement.blur()")
    _press(marie, "e")
    page.get_by_role("heading", name=f"Conversation {ids[1]}").wait_for()
    _press(marie, "u")
    page.get_by_role("heading", name="Conversations", exact=True).wait_for()
    with bases.journal.reading() as session:
        assert tags_of(session, ids) == {ids[2]: ["prêt? neuf"]}
        assert [note.text for note in notes_of(session, ids[2])] == ["jenpu"]
    assert [row_of(bases, id).status for id in ids] == ["to_review", "to_review", "done"]


def test_the_keys_are_told_and_may_be_turned_off(marie: Seen, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        id = talk(session)
    page = marie.go("/conversations/").page
    _press(marie, "?")
    page.get_by_role("dialog", name="Raccourcis du clavier").wait_for()
    page.get_by_label("Raccourcis d’une seule touche").focus()
    _press(marie, " ", "Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    page.goto(f"{marie.url}/conversations/{id}")
    _press(marie, "e", "u", "?")
    assert page.url.endswith(f"/conversations/{id}")
    assert page.get_by_role("dialog").count() == 0
    assert row_of(bases, id).status == "to_review"


def _hostile(bases: Databases, text: str) -> int:
    """Write a conversation, and a directory, with `text` wherever somebody may write."""
    with bases.makers["directory", True].begin() as session:
        session.add(Actor(slug="hostile", name=text, short_name=text, kind="financement"))
    with bases.journal.writing.begin() as session:
        shown = {**card("hostile", text, [text]), "does": text, "first_step": text, "website": text, "phone": text, "source": text}
        said = reply(3, text, shown, buttons=[text], rating="down", reason="other", comment=text)
        entities = [{"entity": "actor", "value": "hostile", "text": text}, {"entity": text, "value": text}]
        first = turn(text, label="ask_topic/x", ranking=[("ask_topic/x", 0.4)], entities=entities, came_of=FOUND, replies=[said])
        id = make(session, "hostile", first, rating="down", comment=text, channel="web")
        put_tag(session, id, text[:40])
        write_note(session, id, text[:4000], "marie", NOON, {"marie"})
        write_note(session, id, text[:4000], "marie", NOON, {"marie"}, seq=2)
        flag(session, id, 2, "wrong", "marie", NOON)
        save_view(session, "marie", text[:60], Filters(tag=text[:40].lower(), words="texte"), True)
        return id


@pytest.mark.parametrize("text", [*PAYLOADS, HUGE], ids=range(len(PAYLOADS) + 1))
def test_hostile_text_is_text_wherever_it_is_shown(marie: Seen, bases: Databases, text: str) -> None:
    id = _hostile(bases, text)
    for path in ("/conversations/", "/conversations/?actor=hostile", f"/conversations/{id}"):
        page = marie.go(path).page
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert page.title() in ("Conversations – Aiguilleur", f"Conversation {id} – Aiguilleur"), path
        assert page.locator("h1").count() == 1, path
        assert page.locator("main script, main svg, main img, [onerror], [onload], [onfocus], a[href^='javascript']").count() == 0, path
        assert not marie.too_wide(), path
    shown = page.locator(".bubble.theirs .said").all_inner_texts()
    assert "".join(shown).strip() == text.strip()


def test_what_turns_the_text_around_turns_nothing_else(marie: Seen, bases: Databases) -> None:
    with bases.journal.writing.begin() as session:
        make(session, "bidi", turn("\u202eenvers", "greet"), channel="web")
        make(session, "plain", turn("endroit", "greet"), channel="web", at=NOON.replace(day=19))
    page = marie.go("/conversations/").page
    lefts = page.locator(".row .meta").evaluate_all("all => all.map(each => each.firstChild.getBoundingClientRect().left)")
    assert len({*lefts}) == 1
    assert page.locator(".row .open .said").first.evaluate("each => getComputedStyle(each).unicodeBidi") == "isolate"


@pytest.mark.parametrize("look", [*LOOKS])
def test_axe_finds_nothing_on_pages_that_are_full(
    see: Callable[..., Seen], bases: Databases, add_account: Callable[..., str], look: str
) -> None:
    fill_directory(bases)
    with bases.journal.writing.begin() as session:
        id = talk(session)
        put_tag(session, id, "à montrer")
        write_note(session, id, "@marie regarde", "paul", NOON, {"marie"})
        write_note(session, id, "la mienne", "marie", NOON, {"marie"}, seq=4)
        flag(session, id, 4, "wrong", "marie", NOON)
        save_view(session, "marie", "Doutes", Filters(below=35), True)
    seen, wrong = see(**LOOKS[look]).come_in(add_account("marie", "reviewer")), []
    for path in ("/conversations/", "/conversations/?words=coop&below=40&place_name=maskinonge", f"/conversations/{id}?status=to_review"):
        seen.go(path)
        for opened in (False, True):
            seen.page.evaluate("on => { for (const each of document.querySelectorAll('details')) each.open = on; }", opened)
            wrong += [f"{path}: {each}" for each in seen.violations()]
            wrong += [f"{path}: wider than the window"] if seen.too_wide() else []
    _press(seen, "?")
    wrong += [f"the help: {each}" for each in seen.violations()]
    assert wrong == []
