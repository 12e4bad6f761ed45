"""The forms of each kind of record: which fields, in which order, under which plain words, with which hint."""

from typing import NamedTuple

from directory.labels import CATEGORIES, field_label
from directory.vocabulary import ACTOR_KINDS, FACETS, LEGAL_FORMS, NEEDS, STAGES, STATUSES, SUBJECTS


class Input(NamedTuple):
    """One field of a form. `how` it is filled: line, area, lines (one an item), choice, choices, yes, day, dollars, percent, record,
    records, covers or places; `codes` are the choices; `of` is the entity of the records that may be named."""

    field: str
    how: str = "line"
    hint: str = ""
    must: bool = False
    codes: dict[str, str] | None = None
    of: str = ""
    kind: str = "text"


class Section(NamedTuple):
    """Fields that go together."""

    title: str
    inputs: tuple[Input, ...]
    hint: str = ""


_STATUS = Input("status", "choice", "«\u00a0À vérifier\u00a0»\u00a0: l’assistant le propose après les autres, et le dit.", True, STATUSES)
_ORIGIN = Section(
    "D’où vient l’information",
    (
        Input("source", hint="L’adresse de la page lue, ou par exemple «\u00a0appel à l’organisme, 28 novembre 2026\u00a0».", must=True),
        Input("other_sources", "lines", "Une par ligne."),
        Input("as_of", hint="La date que montre la page\u00a0: 2026, 2026-11 ou 2026-11-29. Laissez vide si elle n’en montre pas."),
    ),
)
_NOTE = Input("note", "area", "Pour l’équipe\u00a0: l’assistant ne la montre pas.")

ACTOR = (
    Section(
        "Nom",
        (
            Input("name", hint="Le nom officiel, en entier.", must=True),
            Input("short_name", hint="Comme les gens disent\u00a0: RISQ, la Fiducie."),
            Input(
                "aliases",
                "lines",
                "Un par ligne\u00a0: anciens noms, sigles. L’assistant les reconnaît dès le message suivant.",
            ),
            Input("kind", "choice", must=True, codes=ACTOR_KINDS),
            Input("dedicated", "yes", "Il sert d’abord les coopératives et les OBNL\u00a0: l’assistant le propose avant les autres."),
            Input("summary", "area", "Ce qu’il fait, en une ou deux phrases simples. L’assistant les dit telles quelles."),
        ),
    ),
    Section(
        "Coordonnées",
        (
            Input("contact.website", hint="Par exemple https://www.organisme.ca", kind="url"),
            Input("contact.phone", hint="Par exemple 819 228-9461, ou 819 228-9461, poste 23", kind="tel"),
            Input("contact.email", hint="L’adresse du service aux entreprises, pas celle d’une personne.", kind="email"),
            Input("contact.address"),
            Input("contact.city"),
        ),
    ),
    Section(
        "Territoires desservis",
        (Input("covers", "covers"),),
        "Desservir une région, c’est desservir toutes ses MRC. L’assistant dit la précision telle quelle.",
    ),
    Section(
        "État",
        (
            _STATUS,
            Input("successor", "record", "S’il est fermé\u00a0: l’organisme qui a pris la suite.", of="actor"),
            Input("verified_on", "day", "Le jour où quelqu’un de l’équipe a tout revu.", kind="date"),
            Input("note", "area", "Pour l’équipe, et nécessaire si l’organisme est fermé\u00a0: ce qui est arrivé, et quand."),
        ),
    ),
    _ORIGIN,
)
SERVICE = (
    Section(
        "Le service",
        (
            Input("name", must=True),
            Input("actor", "record", must=True, of="actor"),
            Input("aliases", "lines", "Un par ligne\u00a0: les autres noms de ce programme."),
            Input(
                "category",
                "choice",
                "Pour l’argent, elle sert à choisir qui est proposé.",
                codes=CATEGORIES,
            ),
            Input("summary", "area", "Ce que cela donne à la personne, en une ou deux phrases simples."),
        ),
    ),
    Section(
        "Pour qui",
        (
            Input("needs", "choices", "Sans besoin coché, le service n’est jamais proposé.", codes=NEEDS),
            Input("legal_forms", "choices", "Rien de coché\u00a0: toutes sont admises.", codes=LEGAL_FORMS),
            Input("stages", "choices", "Rien de coché\u00a0: toutes sont admises.", codes=STAGES),
            Input("requires", hint="Sans quoi le service ne sert à rien\u00a0: «\u00a0une campagne de financement participatif\u00a0»."),
            Input("conditions", "lines", "Une par ligne."),
        ),
    ),
    Section(
        "Argent",
        (
            Input("amount_min", "dollars", "En dollars, sans les cents\u00a0: 5\u00a0000"),
            Input("amount_max", "dollars", "En dollars, sans les cents\u00a0: 50\u00a0000"),
            Input("share_of_cost_max", "percent", "En pour cent\u00a0: 50 veut dire que la moitié du coût peut être payée."),
            Input("uses", "lines", "Une par ligne\u00a0: honoraires, équipement…"),
            Input("cost", "area", "Ce que la personne paie pour ce service\u00a0: frais, cotisation, «\u00a0gratuit\u00a0»."),
        ),
    ),
    Section(
        "Demande et dates",
        (
            Input("how_to_apply", "area", "Le premier pas\u00a0: remplir tel formulaire, appeler."),
            Input("valid_from", "day", "Avant ce jour, le service n’est pas proposé.", kind="date"),
            Input("valid_to", "day", "Après ce jour, le service n’est plus proposé.", kind="date"),
            _STATUS,
            _NOTE,
        ),
    ),
    _ORIGIN,
)
ANSWER = (
    Section(
        "La réponse",
        (
            Input("question", hint="Comme une personne la poserait.", must=True),
            Input("label", hint="Ce que dit le bouton\u00a0: 40 caractères au plus.", must=True),
            Input("text", "area", "L’assistant la dit telle quelle, puis la source et la date.", must=True),
            Input("status", "choice", "«\u00a0À vérifier\u00a0»\u00a0: l’assistant dit qu’il faut vérifier.", True, STATUSES),
        ),
    ),
    Section(
        "De quoi elle parle",
        (
            Input("actor", "record", of="actor"),
            Input("service", "record", of="service"),
            Input("subject", "choice", "Si elle parle de plus d’un organisme.", codes=SUBJECTS),
            Input("facet", "choice", "Le fait donné\u00a0: il sert à trouver la pareille, «\u00a0et celui du RISQ?\u00a0».", codes=FACETS),
            Input("legal_form", "choice", "Si elle ne vaut que pour cette forme.", codes=LEGAL_FORMS),
            Input("stage", "choice", "Si elle ne vaut que pour cette étape.", codes=STAGES),
            Input("twin", "record", of="answer"),
        ),
    ),
    Section(
        "Et ensuite",
        (
            Input("next", "records", "Montrées en boutons sous la réponse.", of="answer"),
            Input("see", "records", "À qui s’adresser.", of="actor"),
        ),
    ),
    Section(
        "D’où vient l’information",
        (
            Input("sources", "lines", "Une par ligne\u00a0: l’adresse de la page lue, ou «\u00a0appel à l’organisme\u00a0».", must=True),
            Input("as_of", hint="La date que montre la page\u00a0: 2026, 2026-11 ou 2026-11-29. Laissez vide si elle n’en montre pas."),
            Input("rows", "lines", "Pour mémoire\u00a0: d’où la réponse vient dans le relevé de départ. Laissez tel quel."),
        ),
    ),
)
PLACE_ALIAS = (
    Section(
        "Le nom",
        (
            Input("name", hint="Comme les gens disent\u00a0: la Vieille Capitale.", must=True),
            Input("territories", "places"),
            Input("source", hint="Où ce nom a été lu ou entendu."),
        ),
    ),
)
SHEETS: dict[str, tuple[Section, ...]] = {"actor": ACTOR, "service": SERVICE, "answer": ANSWER, "place_alias": PLACE_ALIAS}


def inputs_of(entity: str) -> list[Input]:
    """Return the fields of a form, in order."""
    return [each for section in SHEETS[entity] for each in section.inputs]


def label_of(entity: str, field: str) -> str:
    """Return what the form calls a field."""
    return field_label(entity, field)
