"""What the address of a page of the needs map asks for: days, a region, and how the trend is cut."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from journal.filters import YEARS
from journal.needs import Period
from journal.results import MET, UNMET

DAYS_30, MONTH, QUARTER, YEAR, OWN = "days30", "month", "quarter", "year", "own"
PRESETS = {DAYS_30: "30 derniers jours", MONTH: "Ce mois-ci", QUARTER: "Ce trimestre", YEAR: "Cette année"}
BY_WEEK, BY_MONTH = "week", "month"
# A trend is told by week up to this many days; and no more days than ten years are asked for at once.
MOST_DAYS_BY_WEEK, WEEKS_BY_DEFAULT, MOST_DAYS = 732, 120, 3653


@dataclass(frozen=True)
class Asked:
    """The figures that are asked for; `region` None is all of Québec. `problems` says, in French, what could not be."""

    kind: str
    period: Period
    region: str | None = None
    step: str = BY_WEEK
    mapped: str = UNMET
    problems: list[str] = field(default_factory=list)

    def address(self, **changed: str | None) -> dict[str, str]:
        """Return the same question as an address asks it, but for what is `changed`; None leaves a name out."""
        own = {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()} if self.kind == OWN else {}
        named = {"period": self.kind, **own, "region": self.region, "step": self.step, "map": self.mapped} | changed
        return {name: value for name, value in named.items() if value}


def read(values: Mapping[str, str], today: date, regions: Collection[str]) -> Asked:
    """Return what an address asks for on the day `today` of Québec; the last 30 days of all Québec when it asks for nothing."""
    problems: list[str] = []
    kind, period = _period(values, today, problems)
    region = values.get("region", "").strip() or None
    if region and region not in regions:
        problems.append("Cette région n’est pas dans l’annuaire\u00a0: voici tout le Québec.")
        region = None
    days = (period.until - period.since).days + 1
    step = values.get("step", "")
    if step not in (BY_WEEK, BY_MONTH):
        step = BY_WEEK if days <= WEEKS_BY_DEFAULT else BY_MONTH
    if step == BY_WEEK and days > MOST_DAYS_BY_WEEK:
        problems.append("Au-delà de deux ans, l’évolution se lit par mois.")
        step = BY_MONTH
    return Asked(kind, period, region, step, MET if values.get("map") == MET else UNMET, problems)


def _period(values: Mapping[str, str], today: date, problems: list[str]) -> tuple[str, Period]:
    kind = values.get("period", "").strip() or DAYS_30
    if kind == OWN or (kind not in PRESETS and values.get("since")):
        own = _own(values, problems)
        if own:
            return OWN, own
        kind = DAYS_30
    if kind not in PRESETS:
        problems.append("Cette période n’existe pas\u00a0: voici les 30 derniers jours.")
        kind = DAYS_30
    return kind, Period(_begins(kind, today), today)


def _begins(kind: str, today: date) -> date:
    if kind == DAYS_30:
        return today - timedelta(days=29)
    month = {MONTH: today.month, QUARTER: (today.month - 1) // 3 * 3 + 1, YEAR: 1}[kind]
    return date(today.year, month, 1)


def _own(values: Mapping[str, str], problems: list[str]) -> Period | None:
    since, until = (_day(values.get(name, "")) for name in ("since", "until"))
    if since is None or until is None:
        problems.append("Donnez les deux dates, «\u00a0du\u00a0» et «\u00a0au\u00a0»\u00a0: voici les 30 derniers jours.")
    elif since > until:
        problems.append("La date «\u00a0du\u00a0» vient après la date «\u00a0au\u00a0»\u00a0: inversez-les. Voici les 30 derniers jours.")
    elif (until - since).days >= MOST_DAYS:
        problems.append("Demandez dix ans au plus à la fois\u00a0: voici les 30 derniers jours.")
    else:
        return Period(since, until)
    return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if YEARS[0] <= found.year <= YEARS[1] else None
