"""Legal form, stage and needs, as people say them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.profile_patterns import LEGAL_FORMS, NEEDS, STAGES
from bot.nlu.profile_words import read_profile
from directory import vocabulary


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("notre coop de maraîchers", "cooperative"),
        ("une co-op de taxi à Saguenay", "cooperative"),
        ("Coopérative de solidarité en soins à domicile", "cooperative"),
        ("on est deux COOPS", "cooperative"),
        ("une cop de travail en imprimerie", "cooperative"),
        ("nous sommes un OBNL en loisir", "obnl"),
        ("osbl de quartier", "obnl"),
        ("un o.b.n.l. tout neuf", "obnl"),
        ("organisme à but non lucratif", "obnl"),
        ("organisme sans but lucratif en alimentation", "obnl"),
        ("notre organisme offre du répit", "obnl"),
        ("une association de pêcheurs", "obnl"),
        ("un non-profit anglophone de Gatineau", "obnl"),
        ("organisme communautaire famille", "obnl"),
        ("on est pas encore incorporés", "not_constituted"),
        ("rien de signé, tout est encore sur papier", "not_constituted"),
        ("un groupe de citoyennes de Rawdon", "not_constituted"),
        ("on n'a pas encore choisi entre coop et obnl", "not_constituted"),
        ("coop pas encore constituée", "not_constituted"),
        ("pas encore immatriculé au registraire", "not_constituted"),
        ("le groupe est pas constitué", "not_constituted"),
        ("j'ai ma compagnie incorporée", "private"),
        ("une inc. en construction", "private"),
        ("je suis travailleuse autonome en massothérapie", "private"),
        ("je roule ma petite business de toilettage", "private"),
        ("unique actionnaire d'un garage", "private"),
        ("entreprise individuelle", "private"),
        ("je suis à mon compte depuis mars", "private"),
        ("mon inc veut devenir une coop", "cooperative"),
        ("pas un obnl, une coop", "cooperative"),
        ("c'est pas une coop, c'est un obnl", "obnl"),
        ("une coop plutôt qu'un obnl", "cooperative"),
        ("un obnl au lieu d'une coop", "obnl"),
        ("ni une coop ni un obnl", "private"),
        ("bonjour, ça va?", None),
        ("on cherche un mentor", None),
        ("coopération internationale", None),
        ("de plus une coop nous aide", "cooperative"),
        ("notre business plan est fait", None),
        ("incroyable!", None),
        ("on veut s'incorporer", None),
        ("coop ou osbl?", None),
        ("on hésite entre obnl et coop", None),
        ("la différence entre une coop pis un osbl", None),
        ("coop/obnl", None),
        ("obnl vs coopérative", None),
        ("prêtez-vous aux coops et aux OBNL", None),
        ("c koi un osbl", None),
        ("une coop, c'est quoi", None),
        ("qu'est-ce qu'une coop", None),
        ("c'est quoi les devoirs d'une coop", "cooperative"),
        ("notre osbl veut devenir une coop", "cooperative"),
        ("notre coperative de taxi", "cooperative"),
        ("coopertive agricole", "cooperative"),
    ],
)
def test_the_legal_form_is_read(text: str, form: str | None) -> None:
    assert read_profile(text).legal_form == form


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("j'ai juste une idée de café culturel", "idee"),
        ("on jongle avec le projet d'un four à pain", "idee"),
        ("nous songeons à un lavoir communautaire", "idee"),
        ("sais pas par où commencer", "idee"),
        ("on aimerait mettre sur pied une friperie", "idee"),
        ("notre plan d'affaires est presque fini", "predemarrage"),
        ("on fait l'étude de marché cet hiver", "predemarrage"),
        ("en pré-démarrage", "predemarrage"),
        ("le comité provisoire se rencontre lundi", "predemarrage"),
        ("avant de se lancer on veut vérifier", "predemarrage"),
        ("on est pas encore ouverts, ça s'en vient", "predemarrage"),
        ("on n'a pas encore démarré", "predemarrage"),
        ("on démarre une boulangerie", "demarrage"),
        ("on vient d'ouvrir nos portes", "demarrage"),
        ("on vient de partir notre ferme", "demarrage"),
        ("première année d'opération", "demarrage"),
        ("on se lance en avril", "demarrage"),
        ("ça fait trois mois qu'on roule", "demarrage"),
        ("une startup en économie circulaire", "demarrage"),
        ("on grossit vite, faut un plus gros local", "croissance"),
        ("projet d'agrandissement de l'usine", "croissance"),
        ("ça fait douze ans qu'on existe", "croissance"),
        ("on existe depuis 15 ans", "croissance"),
        ("ouvrir une deuxième succursale", "croissance"),
        ("on veut doubler la production", "croissance"),
        ("acheter de la machinerie", "croissance"),
        ("notre coop roule depuis 12 ans", "croissance"),
        ("je suis éducatrice depuis 12 ans", None),
        ("des états financiers négatifs depuis 2 ans", None),
        ("on démarre notre atelier et on veut acheter un camion", "demarrage"),
        ("notre coop d'habitation a 30 ans", "croissance"),
        ("un organisme de 12 ans qui sait pas par où commencer", "croissance"),
        ("on existe depuis vingt ans, par où commencer", "croissance"),
        ("ça veut dire quoi démarrage", None),
        ("c'est quoi l'étape de consolidation", None),
        ("prédémarrage, ça veut dire quoi", None),
        ("en demarage", "demarrage"),
        ("on a un gros déficit cette année", "consolidation"),
        ("la coop est en difficulté", "consolidation"),
        ("on arrive plus à payer le loyer", "consolidation"),
        ("faut redresser les finances", "consolidation"),
        ("on consolide nos acquis", "consolidation"),
        ("le patron prend sa retraite, on veut racheter", "transfert"),
        ("reprendre l'épicerie du village", "transfert"),
        ("la relève est pas là", "transfert"),
        ("mon boss vend la shop", "transfert"),
        ("un repreneuriat collectif", "transfert"),
        ("merci beaucoup", None),
        ("je pense que oui", None),
        ("aucune idée du montant", None),
        ("bonne idée, merci", None),
        ("j'ai changé d'idée", None),
        ("je reprends depuis le début", None),
        ("on reprend du début", None),
        ("qui relève de la ville", None),
        ("on pense à une coop d'habitation", "idee"),
        ("ça fait une quinzaine d'années", "croissance"),
        ("quelle heure", None),
        ("on est à Rimouski", None),
    ],
)
def test_the_stage_is_read(text: str, stage: str | None) -> None:
    assert read_profile(text).stage == stage


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("un mentor pour notre directrice", ("mentorat",)),
        ("du mentorat d'affaires", ("mentorat",)),
        ("jaser avec quelqu'un qui connaît ça", ("mentorat",)),
        ("on cherche 40 000 $", ("financement",)),
        ("on a besoin de cash", ("financement",)),
        ("finacement svp", ("financement",)),
        ("de l'acompagnement", ("accompagnement",)),
        ("une subvention pour embaucher", ("financement",)),
        ("ça prend des sous", ("financement",)),
        ("faire un emprunt", ("financement",)),
        ("une formation pour le conseil d'administration", ("gouvernance", "formation")),
        ("un atelier sur les finances", ("formation", "financement")),
        ("notre CA est en chicane", ("gouvernance",)),
        ("rencontrer d'autres coops", ("reseautage",)),
        ("du réseautage régional", ("reseautage",)),
        ("trouver des partenaires", ("reseautage",)),
        ("acheter la bâtisse d'à côté", ("immobilier",)),
        ("une hypothèque pour l'immeuble", ("immobilier",)),
        ("racheter la shop ensemble", ("reprise",)),
        ("reprise collective de l'usine", ("reprise",)),
        ("se faire accompagner", ("accompagnement",)),
        ("un coup de main pour le plan d'affaires", ("accompagnement",)),
        ("quelqu'un pour nous guider", ("accompagnement",)),
        ("bonjour", ()),
        ("on est prêts à déposer", ()),
        ("nous sommes prêtes", ()),
        ("un prêt à taux fixe", ("financement",)),
        ("qui prête aux coops", ("financement",)),
        ("former une coop de travail", ()),
        ("former nos administratrices", ("gouvernance", "formation")),
        ("sous quelle forme", ()),
        ("la demande est en cours", ()),
        ("un organisme accrédité", ()),
        ("du microcrédit", ("financement",)),
        ("on cherche 3 personnes", ()),
        ("besoin de 75k", ("financement",)),
        ("besoin de 5000", ("financement",)),
        ("on est en sous-sol", ()),
        ("merci, c'est clair", ()),
        ("un cours de comptabilité", ("formation",)),
        ("un cours d'eau passe sur le terrain", ()),
    ],
)
def test_the_needs_are_read_most_specific_first(text: str, needs: tuple[str, ...]) -> None:
    assert read_profile(text).needs == needs


@pytest.mark.parametrize(
    "text",
    [
        "NOTRE COOP EN DÉMARRAGE CHERCHE DU FINANCEMENT",
        "notre coop en demarrage cherche du financement",
        "Notre coop, en démarrage; cherche du financement!",
    ],
)
def test_case_accents_and_signs_change_nothing(text: str) -> None:
    said = read_profile(text)
    assert (said.legal_form, said.stage, said.needs) == ("cooperative", "demarrage", ("financement",))


def test_the_tables_hold_the_codes_of_the_directory() -> None:
    assert set(LEGAL_FORMS) == set(vocabulary.LEGAL_FORMS)
    assert set(STAGES) == set(vocabulary.STAGES)
    assert set(NEEDS) == set(vocabulary.NEEDS)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_error(text: str) -> None:
    said = read_profile(text)

    assert said.legal_form in (None, *LEGAL_FORMS)
    assert said.stage in (None, *STAGES)
    assert {*said.needs} <= {*NEEDS}


@pytest.mark.parametrize("piece", ["on ", "pas ", "coop ", "a", "depuis dix ", "l'annee passee ", "parti ", " "])
def test_a_long_hostile_text_is_read(piece: str) -> None:
    assert read_profile((piece * 20_000)[:20_000])


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("laisse tomber le mentor, ce qu'il nous faut c'est de la formation", ("formation",)),
        ("ben non j'ai dit PAS de mentor, une formation", ("formation",)),
        ("plutôt un mentor que du financement", ("mentorat",)),
        ("de l'argent, pas un mentor", ("financement",)),
        ("on veut pus de financement, on cherche un mentor", ("mentorat",)),
        ("j'ai besoin d'argent, pas besoin de mentor", ("financement",)),
        # Nothing is put aside by whoever lacks it, wants more of it, or must not forget it.
        ("je veux pas de mentor", ("mentorat",)),
        ("on veut plus d'argent pour notre coop, et un accompagnement", ("financement", "accompagnement")),
        ("on a de l'aide mais pas d'argent", ("financement", "accompagnement")),
        ("faut pas oublier le financement, on veut aussi être accompagnés", ("financement", "accompagnement")),
        ("la caisse nous laisse de l'argent, faut de l'aide", ("financement", "accompagnement")),
        ("on a pas un mentor ni de l'argent", ("mentorat", "financement")),
    ],
)
def test_a_need_put_aside_for_another_one_is_not_said(text, needs):
    assert read_profile(text).needs == needs


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("notre coop du Témis est en train de couler", "consolidation"),
        ("on est en train de couler, la caisse nous suit plus", "consolidation"),
        ("notre coop va fermer, je pense", "consolidation"),
        ("l'épicerie du village est en train de fermer, on veut partir une coop pour la remplacer", "demarrage"),
        ("une entreprise va fermer dans le village, on démarre un OBNL", "demarrage"),
        ("on coule le béton en mai, c'est le démarrage", "demarrage"),
        ("notre organisme va fermer pour les vacances", None),
        ("notre coop va fermer ses livres en mars", None),
    ],
)
def test_a_closure_is_a_stage_of_the_project_when_it_is_its_own(text, stage):
    assert read_profile(text).stage == stage
