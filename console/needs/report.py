"""Everything that a page of the needs map is made of, each part read when it is first asked for."""

from collections.abc import Mapping
from functools import cached_property

from sqlalchemy.orm import Session

from console.needs.asked import Asked
from console.needs.land import Land
from console.needs.links import Link, opens, place_of
from console.needs.tables import Purged
from console.review.names import Codes, Names, read_names
from directory.vocabulary import NEEDS
from journal import needs
from journal.needs import Day, Ending, Tally
from journal.needs_shown import Figure, Places, Row, results
from journal.results import MET, UNMET
from journal.small_counts import ALL


class Report:
    """The figures of what was asked, as they may be shown, and the names of what they are about."""

    def __init__(self, asked: Asked, journal: Session, directory: Session, land: Land) -> None:
        self.asked, self.land = asked, land
        self._journal, self._directory = journal, directory

    @property
    def row(self) -> Row | str:
        """The place that the page is about: a region, or ALL."""
        return Row(self.asked.region) if self.asked.region else ALL

    @cached_property
    def places(self) -> Places:
        """The needs by place and theme."""
        return Places(needs.spots(self._journal, self.asked.period), self.land.mrcs, NEEDS)

    @cached_property
    def _ends(self) -> tuple[Mapping[Ending, Tally], dict[str, Tally]]:
        return needs.endings(self._journal, self.asked.period)

    @property
    def endings(self) -> Mapping[Ending, Tally]:
        """What came of the conversations."""
        return self._ends[0]

    @cached_property
    def days(self) -> Mapping[Day, Tally]:
        """The needs by day."""
        return needs.days(self._journal, self.asked.period)

    @cached_property
    def results(self) -> tuple[dict[str, Figure], Figure]:
        """The figures of each result, and that of all."""
        return results(self.endings)

    @property
    def needs_told(self) -> dict[str, Figure]:
        """The needs met and those that were not."""
        return {result: self.results[0][result] for result in (MET, UNMET)}

    @cached_property
    def referrals(self) -> dict[str, Tally]:
        """The conversations in which each actor was proposed."""
        return needs.referrals(self._journal, self.asked.period)

    @cached_property
    def questions(self) -> dict[str, Tally]:
        """The questions without answer, by label."""
        return needs.questions(self._journal, self.asked.period)

    @cached_property
    def matters(self) -> dict[str, Tally]:
        """What was asked and is not in the directory."""
        return needs.matters(self._journal, self.asked.period)

    @property
    def thumbs(self) -> dict[str, Tally]:
        """The conversations with a thumb for an answer."""
        return self._ends[1]

    @cached_property
    def names(self) -> Names:
        """The names of the actors and of the topics of the report."""
        topics = {label.partition("/")[2] for label in self.questions if label.startswith("ask_topic/")}
        return read_names(self._directory, Codes(actors={*self.referrals}, topics=topics))

    def opens(self, row: Row | str | None = None, **asked: object) -> Link:
        """Return what opens the conversations of a figure of the period, at `row` (else wherever)."""
        return opens(self.asked.period, **(place_of(row) if row is not None else {}), **asked)

    def purged(self, *figures: Figure) -> Purged:
        """Return how the purged conversations of figures that stand together are told: by number for all of Québec only, since the page of
        a region could be compared with those of the others."""
        found = Purged.among(figures)
        return found if self.row == ALL else Purged(found.any, False)
