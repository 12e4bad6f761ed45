"""The little form of « Qui recevrait ceci? » : a place and a project, as they are typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from directory.csv_cells import value_of
from directory.routing import Profile
from directory.territories import Territories
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES


@dataclass(frozen=True)
class Asked:
    """What is asked, and once it is settled: the profile, or what is wrong by field, and the places that the name may mean."""

    place: str = ""
    need: str = ""
    form: str = ""
    stage: str = ""
    amount: str = ""
    profile: Profile | None = None
    problems: Mapping[str, str] | None = None
    choices: tuple[str, ...] = ()

    def wrong(self, name: str) -> str:
        """Return what is wrong with a field."""
        return (self.problems or {}).get(name, "")

    def settled(self, territories: Territories, must: bool = False) -> "Asked":
        """Return it with its profile, or with what is wrong; without a need, nothing is asked yet, unless it `must` be."""
        if not self.need and not must:
            return self
        wrong, amount = {}, None
        found = territories.find(self.place) if self.place else ["QC"]
        if len(found) != 1:
            many = "plusieurs lieux portent ce nom\u00a0: choisissez-en un dans la liste, et recopiez-le en entier"
            wrong["qui_lieu"] = many if found else "aucun lieu ne porte ce nom\u00a0: essayez-en un autre"
        if not self.need:
            wrong["qui_besoin"] = "choisissez le besoin de la personne"
        try:
            amount = value_of("amount_max", self.amount)
        except ValueError as error:
            wrong["qui_montant"] = str(error)
        choices = tuple(territories.label(code) for code in found) if len(found) > 1 else ()
        if wrong:
            return replace(self, problems=wrong, choices=choices)
        profile = Profile(self.need, (found[0],), self.form or None, self.stage or None, amount)  # type: ignore[arg-type]
        return replace(self, place=territories.label(found[0]), profile=profile)


def asked(form: Mapping[str, str]) -> Asked:
    """Return what a form asks; a code that does not exist is none."""

    def code(name: str, codes: Mapping[str, str]) -> str:
        return form.get(name, "") if form.get(name) in codes else ""

    need, legal_form, stage = code("qui_besoin", NEEDS), code("qui_forme", LEGAL_FORMS), code("qui_etape", STAGES)
    return Asked(form.get("qui_lieu", "").strip()[:200], need, legal_form, stage, form.get("qui_montant", "").strip()[:20])
