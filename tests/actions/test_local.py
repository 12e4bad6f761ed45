"""Who serves a place: the office of the organisation named, the pôle by its name, and places without MRC."""

from actions.local import handle, local_doors
from actions.proposing import propose
from actions.reply import FOUND
from actions.turn import Turn

ROSEMONT, ANJOU, LIMOILOU, CHISASIBI, COWANSVILLE, UASHAT = "66023-rosemont", "66023-anjou", "23027-limoilou", "99055", "46080", "97802"


def _asked(place=None, actor=None, kind=None):
    entities = [{"entity": "place", "value": [place], "resolution": "one", "surface": ""}] if place else []
    entities += [{"entity": "actor", "value": actor}] if actor else []
    entities += [{"entity": "actor_kind", "value": kind}] if kind else []
    return Turn("c'est qui", "find_local_actor", entities=tuple(entities))


def _cards(reply):
    return [card for message in reply.messages for card in message.cards]


def _shown(reply):
    return [card.actor for card in _cards(reply)]


def _text(reply):
    return " ".join(message.text for message in reply.messages)


def test_the_organisation_named_answers_by_its_office_at_the_place(access):
    assert _shown(handle(_asked(ROSEMONT, actor="pme-mtl"), access)) == ["pme-mtl-centre-est"]


def test_the_office_of_a_borough_is_among_its_doors(access):
    assert "pme-mtl-centre-est" in _shown(handle(_asked("66023-hochelaga-maisonneuve"), access))


def test_offices_whose_borough_is_not_known_are_not_guessed(access):
    shown = handle(_asked(ANJOU), access)
    assert [slug for slug in _shown(shown) if slug.startswith("pme-mtl-")] == []
    assert "https://pmemtl.com" in [card.website for card in _cards(shown)]


def test_a_pole_named_by_its_region_needs_no_question(access):
    reply = handle(_asked(actor="presl", kind="pole"), access)
    assert _shown(reply) == ["presl"]
    assert "municipalité" not in _text(reply)


def test_a_pole_named_wins_over_the_place_remembered(access):
    turn = _asked(actor="presl", kind="pole").with_slots({"place": ["66023"]})
    assert _shown(handle(turn, access)) == ["presl"]


def test_no_mrc_is_promised_where_there_is_none(access):
    reply = handle(_asked(CHISASIBI, kind="mrc"), access)
    assert "Il n’y a pas de MRC à cet endroit" in _text(reply)
    assert "eeyou-economic-group" in _shown(reply)
    assert not any("votre MRC" in card.first_step for card in _cards(reply))


def test_the_table_of_the_first_nations_comes_after_the_sure_pole(access):
    assert _shown(handle(_asked(UASHAT, kind="pole"), access)) == ["pole-cote-nord", "table-es-premieres-nations"]
    assert "Premières Nations" in " ".join(local_doors(access, [UASHAT]))


def test_the_local_cae_is_named_and_the_one_of_another_part_is_not(access):
    assert _shown(handle(_asked(COWANSVILLE, kind="sadc_cae"), access)) == ["cae-haute-yamaska"]
    assert _shown(handle(_asked("46035", kind="sadc_cae"), access))[0] == "cae-haute-monteregie"


def test_the_pole_of_the_place_is_near_even_for_an_idea(access):
    slots = {"need": "accompagnement", "place": [LIMOILOU], "legal_form": "obnl", "stage": "idee"}
    reply = propose(Turn("", "find_support", slots=slots), access)
    assert _shown(reply)[0] == "polecn"
    assert len([slug for slug in _shown(reply) if not slug.startswith("mrc-")]) == 3
    assert "Je n’ai trouvé personne" not in _text(reply)
    assert reply.slots["came_of"] == {"what": FOUND}
