"""Articles and elisions before the names of the directory, and signs that end a sentence within a name."""

import re

import pytest

from actions import facts
from actions.french import ended
from actions.naming import agreed, of, quoted, short, the, to
from directory.models import Actor, ActorAlias

DOUBLED = re.compile(r"[!?]\.|\.\.|,\.")
# Where a name is part of a sentence: after one of these words, or before a verb.
BEFORE, AFTER = r"\b(?:de|du|à|au|que|pour) ", r" (?:s’adresse|intervient|offre|publie|sert|est en activité)\b"


@pytest.mark.parametrize(
    ("slug", "subject", "after_de", "after_a"),
    [
        ("risq", "le RISQ", "du RISQ", "au RISQ"),
        ("cdrq", "la CDRQ", "de la CDRQ", "à la CDRQ"),
        ("investissement-quebec", "IQ", "d’IQ", "à IQ"),
        ("meie", "le MEIE", "du MEIE", "au MEIE"),
        ("fiducie-chantier", "la Fiducie", "de la Fiducie", "à la Fiducie"),
        ("tiess", "le TIESS", "du TIESS", "au TIESS"),
        ("ecpar", "l’ECPAR", "de l’ECPAR", "à l’ECPAR"),
        ("innogec", "le Fonds INNOGEC", "du Fonds INNOGEC", "au Fonds INNOGEC"),
        ("filaction", "Filaction", "de Filaction", "à Filaction"),
        ("evol", "Evol", "d’Evol", "à Evol"),
        ("sadc-cae", "les Prêts des SADC et des CAE", "des Prêts des SADC et des CAE", "aux Prêts des SADC et des CAE"),
        ("cdrq-estrie-monteregie", "la CDRQ Estrie/Montérégie", "de la CDRQ Estrie/Montérégie", "à la CDRQ Estrie/Montérégie"),
    ],
)
def test_a_name_takes_its_article(houses, slug, subject, after_de, after_a):
    actor = next(h.actor for h in houses if h.actor.slug == slug)
    assert (the(actor), of(actor), to(actor)) == (subject, after_de, after_a)


def test_an_article_that_staff_write_in_an_alias_is_the_one_told():
    actor = Actor(name="Zone Rivière", short_name="ZR", aliases=[ActorAlias(name="la ZR")])
    assert (the(actor), of(actor)) == ("la ZR", "de la ZR")


def test_the_full_name_spells_an_acronym_out(houses):
    actor = next(h.actor for h in houses if h.actor.slug == "cdrq")
    assert the(actor, full=True) == "la Coopérative de développement régional du Québec (CDRQ)"


def test_a_plural_name_takes_a_plural_verb(houses):
    actors = {h.actor.slug: h.actor for h in houses}
    assert agreed(actors["sadc-cae"], "sert", "servent") == "servent"
    assert agreed(actors["risq"], "sert", "servent") == "sert"
    assert agreed(actors["fonds-locaux-investissement"], "sert", "servent") == "sert"
    assert agreed(actors["fonds-locaux-investissement"], "sert", "servent", full=True) == "servent"


def test_a_name_that_ends_a_sentence_stands_between_guillemets():
    assert quoted("L’économie sociale, j’achète!") == "«\u00a0L’économie sociale, j’achète!\u00a0»"
    assert quoted("RISQ") == "RISQ"
    assert ended("L’économie sociale, j’achète!") == "L’économie sociale, j’achète!"
    assert ended("le RISQ") == "le RISQ."


@pytest.mark.parametrize("facet", sorted(facts.UNKNOWN))
def test_a_name_is_joined_to_its_sentence_as_people_write(houses, facts_of_actors, facet):
    """« de IQ », « ce que RISQ publie », « RISQ s’adresse » are what a bare name leaves."""
    wrong = {}
    for actor, _ in houses:
        text = facts_of_actors(facet)[actor.slug].messages[0].text
        name = re.escape(short(actor))
        if the(actor) != short(actor):
            bare = re.search(rf"{BEFORE}{name}(?!\w)|(?<![\w’] )(?<!’){name}{AFTER}", text)
        else:
            bare = re.search(rf"\b(?:le|la|les|du|au) {name}(?!\w)", text)
            bare = bare or (of(actor).startswith("d’") and re.search(rf"\bde {name}", text))
        if bare and not re.search(rf"\b{re.escape(of(actor))}|{re.escape(to(actor))}", text):
            wrong[actor.slug] = bare[0]
    assert wrong == {}


@pytest.mark.parametrize("facet", sorted(facts.UNKNOWN))
def test_a_sentence_ends_on_one_sign(facts_of_actors, facet):
    texts = {slug: reply.messages[0].text for slug, reply in facts_of_actors(facet).items()}
    assert {slug: found[0] for slug, text in texts.items() if (found := DOUBLED.search(text))} == {}


def test_an_organisation_is_told_with_its_acronym_spelt_out(houses, facts_of_actors):
    told = {slug: reply.messages[0].text.lower() for slug, reply in facts_of_actors("ask_what_is").items()}
    bare = [h.actor.slug for h in houses if h.actor.status != "closed" and h.actor.name.lower() not in told[h.actor.slug]]
    assert bare == []
