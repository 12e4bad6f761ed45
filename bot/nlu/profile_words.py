"""Legal form, stage and need as people say them: « osbl », « on vient d'ouvrir », « ça nous prend du cash ».

The first pattern that stands last in the text wins for the form and the stage, because people correct themselves to the right
(« pas un obnl, une coop »). The patterns are in `bot.nlu.profile_patterns`.
"""

import re
from dataclasses import dataclass

from bot.nlu.profile_patterns import FAINT_STAGES, LEGAL_FORMS, NEEDS, STAGES, Patterns
from bot.nlu.spelling import plain


def _compiled(table: Patterns) -> list[tuple[str, re.Pattern]]:
    return [(code, re.compile("|".join(f"(?:{p})" for p in patterns))) for code, patterns in table.items()]


_FORMS, _STAGES, _NEEDS = _compiled(LEGAL_FORMS), [*_compiled(STAGES), *_compiled(FAINT_STAGES)], _compiled(NEEDS)
_NEGATED = re.compile(
    r"(?:\b(?:pas|(?<!de )plus|ni|non) (?:un|une|une? vraie?|d'|de|du|la|le)? ?|\bau lieu d[e'] ?(?:une? )?|\bplutot qu[e'] ?(?:une? )?)$"
)
# « Laisse faire le mentor », « je veux pas de mentor, une formation »: a need that is put aside for another one. « J’ai pas d’argent » is
# not, nor is « on veut plus d’argent ».
_ONE = r" ?(?:d'une?|de la|de l'|du|des|de|d'|une?|les?|la|l'|mon|ma|qu'une?)? ?'?$"
_NEED_LEFT = re.compile(
    r"(?:(?<!pas )(?<!jamais )\b(?:laiss\w* (?:faire|tomber)|oubli\w*|lach\w*)(?: ca)?(?: pour)?"
    r"|\b(?:veux|veut|veu|vx|voul\w+|cherch\w+|dit|non) (?:pas|pus?)(?: vraiment| juste)?|\bpas besoin|^pas"
    rf"|\bau lieu|\ba (?:la )?place|\bplutot(?: \w+){{0,4}} que?){_ONE}"
    # « De l’argent, pas un mentor », but not « on a pas un mentor ».
    r"|(?<!\ba )(?<!ai )(?<!as )(?<!ont )(?<!ons )(?<!ez )\bpas une? ?$"
)
_WHAT_IS = (
    r"(?:c'est quoi|(?:ca )?veut dire quoi|que veut dire|que signifie|qu'est ce qu[e']?|definition d[eu']|definis\w*|expliqu\w+(?: moi)?)"
)
# « On est pas en démarrage »: a stage that is denied.
_STAGE_DENIED = re.compile(r"\bpas (?:encore |vraiment |juste |rendus? )?(?:en|au|a l'etape d[eu]|une)(?: l'| la)? ?$")
# « Un OBNL, pas une coop »: a private enterprise only when no form is affirmed.
_NO_COOP = "pas une coop"
# « C’est quoi une coop » asks about a form or a stage; it does not tell one.
_DEFINED = re.compile(rf"{_WHAT_IS}(?: ca| donc| exactement| au juste| que c'est| l'etape d[eu'])* ?(?:le |la |les |l'|une? |des? |du )?$")
# « Un OBNL, c’est quoi », but not « on est un OBNL. C’est quoi le maximum du RISQ? ».
_DEFINED_AFTER = re.compile(rf"(?: \w+)? (?:ca )?{_WHAT_IS}(?: ca| donc| exactement| au juste| c'est)*(?:$| (?:et|pis|puis|ou)\b)")
# Between two forms weighed against each other; « et » weighs only where a difference or a plural says so.
_OR = re.compile(r"^ (?:$|ou(?: bien)?|vs|versus|contre)(?: \w+| [ld]'| aux?)? ?$")
_AND = re.compile(r"^ (?:et|pis|puis)(?: \w+| [ld]'| aux?)? ?$")
_WEIGHS = re.compile(r"\b(?:differen\w+|entre|compar\w+|les deux|aux (?:coop|obnl|osbl)\w*|les (?:coop|obnl|osbl)\w*)\b")


@dataclass(frozen=True)
class ProfileWords:
    """What a text says of a project: codes of the directory, `None` or empty where it says nothing."""

    legal_form: str | None
    stage: str | None
    needs: tuple[str, ...]


def read_profile(text: str) -> ProfileWords:
    """Return the legal form, the stage and the needs said in `text`; needs come most specific first."""
    spelt = plain(text)
    return ProfileWords(
        legal_form=_last_affirmed(_FORMS, spelt),
        stage=_first_table_hit(_STAGES, spelt),
        needs=_wanted(spelt),
    )


def _wanted(spelt: str) -> tuple[str, ...]:
    """Return the needs that are said, without those that are put aside for another one."""
    said = {code: [match.start() for match in pattern.finditer(spelt)] for code, pattern in _NEEDS}
    said = {code: starts for code, starts in said.items() if starts}
    wanted = tuple(code for code, starts in said.items() if not all(_NEED_LEFT.search(spelt[:start]) for start in starts))
    return wanted or tuple(said)


def _last_affirmed(table: list[tuple[str, re.Pattern]], spelt: str) -> str | None:
    """Return the form said last and not denied; « pas encore » outranks a form, said or not; weighing two chooses none."""
    hits = [
        (*match.span(), code)
        for code, pattern in table
        for match in pattern.finditer(spelt)
        if code == "not_constituted" or not (_NEGATED.search(spelt[: match.start()]) or _is_defined(match, spelt))
    ]
    hits = [hit for hit in hits if not spelt.startswith(_NO_COOP, hit[0])] or hits
    codes = {code for *_, code in hits}
    if "not_constituted" in codes:
        return "not_constituted"
    if "private" in codes and not re.search(r"en coop|une coop|devenir", spelt):
        return "private"
    return None if not hits or _are_weighed(sorted(hits), spelt) else max(hits)[2]


def _are_weighed(hits: list[tuple[int, int, str]], spelt: str) -> bool:
    """Return whether two forms stand against each other: « coop ou obnl », « la différence entre une coop pis un obnl »."""
    gaps = [spelt[end:start] for (_, end, one), (start, _, other) in zip(hits, hits[1:], strict=False) if one != other]
    return any(_OR.search(gap) or (_AND.search(gap) and _WEIGHS.search(spelt)) for gap in gaps)


def _is_defined(match: re.Match, spelt: str) -> bool:
    return bool(_DEFINED.search(spelt[: match.start()]) or _DEFINED_AFTER.match(spelt[match.end() :]))


def _first_table_hit(table: list[tuple[str, re.Pattern]], spelt: str) -> str | None:
    """Return the first code of the table that is said, neither denied nor asked about."""
    hits = ((code, match) for code, pattern in table for match in pattern.finditer(spelt))
    return next((code for code, match in hits if not (_is_denied(match, spelt) or _is_defined(match, spelt))), None)


def _is_denied(match: re.Match, spelt: str) -> bool:
    return bool(_STAGE_DENIED.search(spelt[: match.start()]))
