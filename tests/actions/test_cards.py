"""What a card says: whose contacts, what of the territory is not sure, why it fits, and where it is."""

import pytest

from actions.cards import card_of_actor, card_of_match, card_of_mrc
from actions.contacts import door_for, office_of, postal_address, to_the
from actions.places_said import ask_which, names
from directory.models import Actor, Territory
from directory.queries import actor_by_slug
from directory.routing import Profile, mrc_of, services_for

HAUT_RICHELIEU, COWANSVILLE, CHISASIBI, SALLUIT, UASHAT = "56083", "46080", "99055", "99135", "97802"


def _cards(access, need, place, form="obnl", stage="demarrage", amount=None):
    profile = Profile(need, (place,), form, stage, amount)
    return {m.actor.slug: card_of_match(m, profile, access) for m in services_for(access.session, profile, access.today, 60)}


def _mrc_card(access, place):
    return card_of_mrc(mrc_of(access.session, place), access)


def test_a_territory_that_was_deduced_is_said_to_be_confirmed(access):
    card = _cards(access, "accompagnement", HAUT_RICHELIEU)["pecem"]
    assert card.caution == "Territoire\u00a0: MRC déduite par élimination, à confirmer."
    assert card_of_actor(actor_by_slug(access.session, "pecem"), access, places=[HAUT_RICHELIEU]).caution == card.caution


def test_a_territory_without_reserve_has_no_caution(access):
    assert card_of_actor(actor_by_slug(access.session, "polecn"), access, places=["23027"]).caution == ""


def test_what_serves_a_part_of_quebec_does_not_claim_all_of_it(access):
    card = _cards(access, "financement", COWANSVILLE, amount=30_000)["sadc-cae"]
    assert "sert une partie du Québec" in card.why
    assert "hors des grands centres" in card.caution


def test_a_special_situation_is_said(access):
    profile = Profile("financement", (COWANSVILLE,), "obnl", "demarrage")
    found = services_for(access.session, profile, access.today, 60)
    [match] = [m for m in found if m.service.slug == "ampli-accompagnement"]
    assert any(reason.startswith("suppose une émission d’obligations") for reason in card_of_match(match, profile, access).why)


@pytest.mark.parametrize(
    ("need", "stage", "said"),
    [
        ("accompagnement", "idee", "accompagne dès l’idée"),
        ("financement", "idee", "finance dès l’idée"),
        ("financement", "croissance", "finance en croissance"),
        ("formation", "demarrage", "s’offre au démarrage"),
    ],
)
def test_a_stage_is_said_as_people_say_it(access, need, stage, said):
    assert any(said in card.why for card in _cards(access, need, "23027", "obnl", stage).values())


def test_the_contacts_of_another_are_not_taken_for_its_own(access):
    card = card_of_actor(actor_by_slug(access.session, "cae-haute-monteregie"), access, places=[HAUT_RICHELIEU])
    assert card.first_step == "Je n’ai pas ses coordonnées\u00a0: demandez-les à la MRC du Haut-Richelieu (mrchr.qc.ca)."
    assert (card.website, card.phone, card.email) == ("", "", "")


@pytest.mark.parametrize(
    ("slug", "where", "asked"),
    [
        ("sadc-rouyn-noranda", ["86042"], "à la Ville de Rouyn-Noranda (ville.rouyn-noranda.qc.ca)"),
        ("table-es-premieres-nations", [UASHAT], "au Pôle d’économie sociale de la Côte-Nord (economiesocialecotenord.ca)"),
        ("presl", [], "à la Ville de Laval (lavaleconomique.com)"),
        ("eeyou-economic-group", [CHISASIBI], "à la Coopérative de développement régional du Québec (CDRQ, cdrq.coop)"),
    ],
)
def test_who_is_asked_for_contacts_has_its_article(access, slug, where, asked):
    assert door_for(actor_by_slug(access.session, slug), access, where).endswith(f"demandez-les {asked}.")


def test_the_article_of_a_place_is_kept_after_to():
    given = ["la MRC de Maskinongé", "l’agglomération de Longueuil", "le Kativik", "Laval"]
    said = ["à la MRC de Maskinongé", "à l’agglomération de Longueuil", "au Kativik", "à Laval"]
    assert [to_the(name) for name in given] == said


@pytest.mark.parametrize(
    ("address", "city", "written"),
    [
        ("1431, rue Fullum, bureau 208, H2K 0B5", "Montréal", "1431, rue Fullum, bureau 208, Montréal (Québec) H2K 0B5"),
        ("12, rue Principale, Montréal, H2K 0B5", "Montréal", "12, rue Principale, Montréal (Québec) H2K 0B5"),
        ("rue Baume", "Fort-Coulonge", "rue Baume, Fort-Coulonge (Québec)"),
        ("8, rue du Quai, G0C 1A0", None, "8, rue du Quai G0C 1A0"),
        (None, "Montréal", ""),
    ],
)
def test_an_address_has_its_city_once_and_its_code_last(address, city, written):
    assert postal_address(Actor(address=address, city=city)) == written


def test_the_door_of_a_mrc_is_its_development_service(access):
    for place, site in (("66023", "pmemtl.com"), ("65005", "lavaleconomique.com"), ("43027", "entreprendresherbrooke.com")):
        card = _mrc_card(access, place)
        assert (card.website, card.email, card.phone) == (f"https://{site}", "", "")
        assert site in card.first_step


def test_a_development_service_gives_its_own_phone_and_email():
    written = "Société de développement du Témiscamingue – lasdt.com, 819 629-3355, info@lasdt.com"
    office = office_of(Territory(code="x", name="X", website="https://x.org", email="ville@x.org", development_service=written))
    assert (office.service, office.website) == ("Société de développement du Témiscamingue", "https://lasdt.com")
    assert (office.phone, office.email) == ("819 629-3355", "info@lasdt.com")


def test_a_dash_in_the_name_of_a_service_is_not_its_site():
    office = office_of(Territory(code="x", name="X", website="https://x.org", development_service="DEL – Service de l'agglomération"))
    assert (office.service, office.website) == ("DEL – Service de l’agglomération", "https://x.org")


def test_where_there_is_no_mrc_none_is_named(access):
    assert mrc_of(access.session, CHISASIBI) is None
    card = _mrc_card(access, SALLUIT)
    assert card.name == "Administration régionale Kativik – développement économique"
    assert "MRC" not in card.does + card.first_step
    assert "Réseau accès PME" not in card.does


def test_every_mrc_card_is_typographic_and_names_no_clerk(access):
    mrcs = access.session.query(Territory).filter_by(level="mrc").all()
    cards = [card_of_mrc(mrc, access) for mrc in mrcs]
    wrong = [card.name for card in cards if "'" in card.name + card.does or card.name.startswith(("La ", "L’agglo")) or not card.source]
    assert [name for name in wrong if not name.startswith("Eeyou")] == []
    assert [card.email for card in cards if "greff" in card.email or "direction" in card.email.lower()] == []


def test_several_mrc_are_listed_with_their_articles(access):
    abitibi = ["mrc-abitibi", "mrc-abitibi-ouest", "mrc-la-vallee-de-l-or", "mrc-rouyn-noranda"]
    assert names(access, abitibi[:3]) == "les MRC d’Abitibi, d’Abitibi-Ouest et de La Vallée-de-l’Or"
    assert names(access, abitibi).endswith("et de La Vallée-de-l’Or, ainsi que Rouyn-Noranda (Abitibi-Témiscamingue)")


def test_three_places_of_one_name_are_listed_with_commas(access):
    [message] = ask_which(access, ["58012", "87120", "mrc-pontiac"], {}).messages
    assert message.text.count(" ou ") == 1
    assert "Montérégie), Saint-Lambert (MRC" in message.text
