"""Names of organisations inside French sentences: « le RISQ », « du RISQ », « à la CDRQ », « d’IQ ».

The article is read off the directory: written in the short name (« La Fiducie ») or in an alias (« le TIESS »), else
told by the first word of the name (« Fonds », « SADC »); an acronym takes that of the full name. A name whose first
word is not listed here is a proper name that bears none (« Filaction »).
"""

import re

from actions.french import NBSP, lower_first
from directory.models import Actor
from directory.text import fold

_LE = (
    "bureau cab cae centre chantier cld comite conseil consortium departement fdees fdes fdeesdd fli fls fonds gouvernement groupe"
    " institut ministere mouvement organisme pole programme regime registraire reseau secretariat service"
)
_LA = (
    "association agence caisse cdc cdec cdr cellule chambre coalition confederation cooperative corporation federation fiducie"
    " fondation maison mrc sadc sde societe table union ville"
)
_ELIDED = "administration alliance espace office"
_LES = "prets"
_ARTICLES = {word: article for article, words in (("le", _LE), ("la", _LA), ("l’", _ELIDED), ("les", _LES)) for word in words.split()}
_WRITTEN = re.compile(r"(le|la|les) (?=\w)|(l’)(?=\w)", re.IGNORECASE)
_ACRONYM = re.compile(r"(?=[\w-]*[^\W\d_a-zàâçéèêëîïôûù]{2})[\w-]+")
_PLURAL = re.compile(r"\w+ \w+aux\b")
_OF = {"le": "du ", "les": "des ", "la": "de la ", "l’": "de l’"}
_TO = {"le": "au ", "les": "aux ", "la": "à la ", "l’": "à l’"}


def display_name(actor: Actor) -> str:
    """Return the full name, with the short one in brackets when people use it."""
    if actor.short_name and actor.short_name.lower() not in actor.name.lower():
        return f"{actor.name} ({actor.short_name})"
    return actor.name


def short(actor: Actor) -> str:
    """Return the name that people use, without article."""
    return _split(actor, actor.short_name or actor.name)[1]


def the(actor: Actor, full: bool = False) -> str:
    """Return the name as a subject or an object, « le RISQ »; the full name with the short one in brackets when `full`."""
    article, name = _of_label(actor, full)
    return name if not article else article + name if article == "l’" else f"{article} {name}"


def of(actor: Actor, full: bool = False) -> str:
    """Return the name after « de »: « du RISQ », « de la CDRQ », « d’IQ »."""
    article, name = _of_label(actor, full)
    if article:
        return _OF[article] + name
    return f"d’{name}" if _begins_with_a_vowel(name) else f"de {name}"


def to(actor: Actor, full: bool = False) -> str:
    """Return the name after « à »: « au RISQ », « à la CDRQ », « à IQ »."""
    article, name = _of_label(actor, full)
    return (_TO[article] if article else "à ") + name


def agreed(actor: Actor, singular: str, plural: str, full: bool = False) -> str:
    """Return the verb that agrees with the name of `actor`."""
    return plural if _of_label(actor, full)[0] == "les" else singular


def quoted(name: str) -> str:
    """Return `name`, between guillemets when it holds a sign that would end the sentence (« j’achète! »)."""
    return f"«{NBSP}{name}{NBSP}»" if re.search(r"[!?]", name) else name


def _of_label(actor: Actor, full: bool) -> tuple[str, str]:
    article, name = _split(actor, display_name(actor) if full else actor.short_name or actor.name)
    return ("", name.replace(actor.name, quoted(actor.name))) if quoted(name) != name else (article, name)


def _split(actor: Actor, label: str) -> tuple[str, str]:
    """Return the article of `label` and `label` without it."""
    written = _WRITTEN.match(label)
    if written and not re.search(r"[!?]", label):
        return written[0].strip().lower(), label[written.end() :]
    for alias in actor.aliases:
        found = _WRITTEN.match(alias.name)
        if found and found[0][0].islower() and fold(alias.name[found.end() :]) == fold(label):
            return found[0].strip(), label
    article = _article_of(label)
    if not article and _ACRONYM.match(label):
        # « INNOGEC » alone stands for nothing: « le Fonds INNOGEC ».
        label = actor.name if label in actor.name else label
        article = _article_of(actor.name)
    if label.startswith("Ministère"):
        label = lower_first(label)
    return ("l’" if article in ("le", "la") and _begins_with_a_vowel(label) else article), label


def _article_of(name: str) -> str:
    article = _ARTICLES.get(fold(name).replace("'", " ").split()[0], "")
    return "les" if article and _PLURAL.match(name) else article


def _begins_with_a_vowel(name: str) -> bool:
    return fold(name)[:1] in tuple("aeiou")
