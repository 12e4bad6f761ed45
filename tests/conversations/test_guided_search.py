"""The guided search for each need, place and legal form: it asks only what was not said, and ends on who serves the place."""

import re

import pytest

from directory.queries import actor_by_slug

MOST_TURNS = 4
# Territory codes of the places, so that the test does not trust the linker.
PLACES = {
    "Louiseville": "51015",
    "Rosemont": "66023-rosemont",
    "Rouyn-Noranda": "86042",
    "Gaspé": "03005",
    "Saint-Hyacinthe": "54048",
    "Chibougamau": "99025",
    "Lévis": "25213",
}
NEEDS = {
    "financement": ("on cherche du financement", "l'argent nous manque pour continuer"),
    "mentorat": ("un mentor nous aiderait ben gros", "on cherche un mentor pour notre direction"),
    "accompagnement": ("ça prendrait quelqu'un pour nous accompagner là-dedans", "ça nous prend de l'aide avec notre plan d'affaires"),
    "formation": ("on cherche une formation en gestion", "on voudrait une formation pour notre équipe"),
    "reseautage": ("on veut rencontrer d'autres entreprises collectives", "on cherche du réseautage"),
    "immobilier": ("on veut acheter une bâtisse", "on veut acheter l'immeuble qu'on loue"),
    "reprise": ("les employés veulent reprendre l'entreprise", "on veut reprendre ensemble la shop où on travaille"),
    "gouvernance": ("notre conseil d'administration aurait besoin d'un coup de main", "notre ca aurait besoin d'aide pour la gouvernance"),
}
FORMS = {
    "cooperative": ("on est une coop", "notre coop de travail est"),
    "obnl": ("on est un obnl", "notre osbl est"),
    "not_constituted": ("on est un groupe pas encore incorporé", "on est pas encore constitués, on est"),
}
ANSWERS = {"amount": "40 000 $", "stage": "on démarre"}
CASES = [pytest.param(need, place, form, id=f"{need}-{place}-{form}") for need in NEEDS for place in PLACES for form in FORMS]


@pytest.mark.parametrize(("need", "place", "form"), CASES)
def test_a_search_ends_on_organisations_that_serve_the_place(need, place, form, person, asked_in, wrong_cards):
    wording = (list(PLACES).index(place) + list(NEEDS).index(need)) % 2
    opening = f"{FORMS[form][wording]} à {place}, {NEEDS[need][wording]}"
    name, asked, told = f"{need}-{place}-{form}", [], []
    text = opening
    for _ in range(MOST_TURNS):
        shown = person.say(name, text)
        told += [f"> {text}", *(f"    {line}" for line in shown.texts)]
        if shown.cards:
            break
        asked.append(asked_in(shown.folded))
        text = ANSWERS.get(asked[-1], "je ne sais pas")
    wrong = [f"asks the {what}, which was said" for what in asked if what in ("place", "legal_form", "need")]
    wrong += wrong_cards(shown, PLACES[place])
    if wrong:
        pytest.fail("\n".join([*wrong, "", *told]), pytrace=False)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("need", ["financement", "accompagnement", "immobilier"])
def test_a_private_enterprise_is_shown_its_general_doors_and_no_collective_lender(need, place, person, seeded):
    shown = person.say(f"private-{need}-{place}", f"j'ai une compagnie privée à {place}, {NEEDS[need][0]}")
    with seeded() as session:
        dedicated = [c["name"] for c in shown.cards if (actor := actor_by_slug(session, c["actor"])) and actor.dedicated]
    assert not dedicated, shown.raw
    assert "mrc" in shown.folded, shown.raw
    assert shown.cards or re.search("municipalite", shown.folded), shown.raw
