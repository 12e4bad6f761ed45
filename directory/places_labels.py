"""Saying a place in French, with the articles and contractions of Québec: sentences and buttons."""

import re

from directory.places_index import PlaceIndex
from directory.places_records import Place
from directory.places_tree import Tree
from directory.text import typographic

LABEL_LENGTH = 40
_NORTHERN = ("mrc-jamesie", "mrc-eeyou-istchee", "mrc-administration-regionale-kativik")
_EQUIVALENT = "territoire équivalent"
_COMMUNITIES = ("Réserve indienne", "Terre de la catégorie I", "Terre de la catégorie IA", "Terre de la catégorie IA-N")
_VOWELS = "aeiouyâàéèêîôAEIOUYÂÀÉÈÊÎÔ"

# The 17 administrative regions: after « la région », and as the place where something is.
_REGIONS = {
    "R01": ("du Bas-Saint-Laurent", "au Bas-Saint-Laurent"),
    "R02": ("du Saguenay–Lac-Saint-Jean", "au Saguenay–Lac-Saint-Jean"),
    "R03": ("de la Capitale-Nationale", "dans la Capitale-Nationale"),
    "R04": ("de la Mauricie", "en Mauricie"),
    "R05": ("de l’Estrie", "en Estrie"),
    "R06": ("de Montréal", "à Montréal"),
    "R07": ("de l’Outaouais", "en Outaouais"),
    "R08": ("de l’Abitibi-Témiscamingue", "en Abitibi-Témiscamingue"),
    "R09": ("de la Côte-Nord", "sur la Côte-Nord"),
    "R10": ("du Nord-du-Québec", "dans le Nord-du-Québec"),
    "R11": ("de la Gaspésie–Îles-de-la-Madeleine", "en Gaspésie–Îles-de-la-Madeleine"),
    "R12": ("de la Chaudière-Appalaches", "en Chaudière-Appalaches"),
    "R13": ("de Laval", "à Laval"),
    "R14": ("de Lanaudière", "dans Lanaudière"),
    "R15": ("des Laurentides", "dans les Laurentides"),
    "R16": ("de la Montérégie", "en Montérégie"),
    "R17": ("du Centre-du-Québec", "au Centre-du-Québec"),
}


def path(index: PlaceIndex, code: str) -> list[str]:
    """Return the codes from the place up to Québec.

    Raises:
        UnknownPlace: `code` is not a territory.
    """
    return index.tree.path(code)


def in_region(code: str) -> str:
    """Return a region as the place where something is: « en Estrie », « dans Lanaudière »."""
    return _REGIONS[code][1]


def describe(index: PlaceIndex, code: str) -> str:
    """Return the place with what contains it: « Louiseville (MRC de Maskinongé, Mauricie) ».

    Raises:
        UnknownPlace: `code` is not a territory.
    """
    tree, place = index.tree, index.tree[code]
    if place.level == "country":
        return "tout le Québec"
    if place.level == "region":
        return f"la région {_REGIONS[code][0]}" if code in _REGIONS else typographic(place.name)
    if place.level == "mrc" and not _one_town(tree, place):
        return f"{_the_mrc(tree, place)}{_in_brackets(place, _region_name(tree, code))}"
    if place.level == "sector":
        return _sector(tree, place)
    return f"{_named(tree, place)}{_in_brackets(place, _mrc_title(tree, place), _region_name(tree, code))}"


def short_label(index: PlaceIndex, code: str) -> str:
    """Return the place in at most LABEL_LENGTH characters, told apart from its namesakes.

    Raises:
        UnknownPlace: `code` is not a territory.
    """
    tree, place = index.tree, index.tree[code]
    name = typographic(place.name)
    if place.level == "country":
        return "Tout le Québec"
    if place.level == "mrc" and not _one_town(tree, place):
        return _capitalised(_the_mrc(tree, place).removeprefix("la ").removeprefix("l’"))[:LABEL_LENGTH]
    if place.level == "region":
        return f"{name} (région)" if len(name) <= LABEL_LENGTH - 9 else name
    details = [detail for detail in _details(tree, place) if detail and typographic(detail) != name]
    return _fitting(name, [typographic(detail) for detail in details])


def mrc_title(name: str) -> str:
    """Return « MRC de Maskinongé », « MRC des Maskoutains », « MRC d’Arthabaska » for the name of a MRC."""
    name = typographic(name)
    for article, contracted in (("Les ", "des "), ("Des ", "des "), ("Le ", "du ")):
        if name.startswith(article):
            return f"MRC {contracted}{name.removeprefix(article)}"
    return f"MRC d’{name}" if name[0] in _VOWELS else f"MRC de {name}"


def has_no_mrc(index: PlaceIndex, code: str) -> bool:
    """Return whether a place lies where there is no MRC but a northern administration (Jamésie, Eeyou Istchee, Kativik)."""
    return index.tree.above(code, "mrc") in _NORTHERN


def is_one_town(index: PlaceIndex, code: str) -> bool:
    """Return whether a « territoire équivalent » is nothing but one town, and is spoken of as such."""
    return _one_town(index.tree, index.tree[code])


def _one_town(tree: Tree, mrc: Place) -> bool:
    return mrc.kind == _EQUIVALENT and len(tree.children(mrc.code)) == 1


def _sector(tree: Tree, place: Place) -> str:
    town = tree[place.parent_code]
    return f"{typographic(place.name)}, {_at(town.name)}{_in_brackets(town, _region_name(tree, place.code))}"


def _the_mrc(tree: Tree, place: Place) -> str:
    if place.kind != _EQUIVALENT:
        return f"la {mrc_title(place.name)}"
    name = typographic(place.name.removesuffix(f" ({_EQUIVALENT})"))
    if place.code in _NORTHERN:
        return {"J": f"la {name}", "A": f"l’{name}"}.get(name[0], name)
    if name.startswith("Les "):
        return f"l’agglomération des {name.removeprefix('Les ')}"
    return f"l’agglomération de {name}"


def _mrc_title(tree: Tree, place: Place) -> str:
    """Return what to call the MRC of a municipality, or nothing when it is the municipality itself."""
    above = tree.get(place.parent_code)
    if above is None or above.level != "mrc" or _bare(above) == place.name:
        return ""
    return _the_mrc(tree, above).removeprefix("la ").removeprefix("l’") if above.code not in _NORTHERN else _bare(above)


def _named(tree: Tree, place: Place) -> str:
    """Return the name, with the kind when a better known place of the MRC bears it too."""
    kind = _kind_told(tree, place)
    return f"{typographic(place.name)}, {kind}" if kind else typographic(place.name)


def _kind_told(tree: Tree, place: Place) -> str:
    if place.kind in _COMMUNITIES:
        return "communauté"
    namesakes = [each.code for each in tree.children(place.parent_code) if each.name == place.name]
    if len(namesakes) > 1 and tree.meant(namesakes) != (place.code,):
        return (place.kind or "").lower()
    return ""


def _details(tree: Tree, place: Place) -> list[str]:
    """Return what may tell the place from its namesakes, the most telling first."""
    region = _region_name(tree, place.code)
    if place.level == "sector":
        return [tree[place.parent_code].name, region]
    kind = _kind_told(tree, place)
    if kind:
        return [f"{kind}, {region}", kind]
    above = tree.get(place.parent_code)
    mrc = _bare(above) if above is not None and above.level == "mrc" else ""
    return [mrc, region, "ville"]


def _fitting(name: str, details: list[str]) -> str:
    for detail in details:
        if len(label := f"{name} ({detail})") <= LABEL_LENGTH:
            return label
    return name if len(name) <= LABEL_LENGTH else f"{name[: LABEL_LENGTH - 1]}…"


def _in_brackets(place: Place, *details: str) -> str:
    told = [detail for detail in details if detail and detail != typographic(place.name)]
    bare = [_without_title(detail) for detail in told]
    told = [detail for at, detail in enumerate(told) if bare[at] not in bare[:at]]
    return f" ({', '.join(told)})" if told else ""


def _without_title(name: str) -> str:
    """Return the name alone, so that « MRC des Laurentides » and the region « Laurentides » are seen to be one name."""
    return re.sub(r"^(?:MRC |agglomération )?(?:des |de |du |d’)?(?:Les |La |Le |L’)?", "", name)


def _region_name(tree: Tree, code: str) -> str:
    region = tree.above(code, "region")
    return typographic(tree[region].name) if region else ""


def _bare(mrc: Place) -> str:
    return mrc.name.removesuffix(f" ({_EQUIVALENT})")


def _at(town: str) -> str:
    town = typographic(town)
    for article, contracted in (("Les ", "aux "), ("Le ", "au ")):
        if town.startswith(article):
            return contracted + town.removeprefix(article)
    return f"à {town}"


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]
