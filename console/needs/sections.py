"""Which parts a page has, in its order: a region has those that its conversations can be told by without betraying its neighbours."""

from collections.abc import Callable

from console.needs import list_sections, place_sections, time_sections
from console.needs.report import Report
from console.needs.tables import Section

_OF_PLACES: dict[str, Callable[[Report], Section]] = {
    "places": place_sections.places,
    "themes": place_sections.themes,
    "matrix": place_sections.matrix,
    "gaps": place_sections.gaps,
}
_OF_QUEBEC: dict[str, Callable[[Report], Section]] = {
    "results": time_sections.results,
    **_OF_PLACES,
    "trend": time_sections.trend,
    "channels": time_sections.channels,
    "actors": list_sections.actors,
    "questions": list_sections.questions,
    "matters": list_sections.matters,
    "dropoffs": time_sections.dropoffs,
    "ratings": time_sections.ratings,
    "thumbs": time_sections.thumbs,
}


def everything(report: Report) -> list[Section]:
    """Return the parts of the page."""
    return [make(report) for make in _makers(report).values()]


def one(report: Report, code: str) -> Section | None:
    """Return one part of the page, None when it has no such part."""
    make = _makers(report).get(code)
    return make(report) if make else None


def _makers(report: Report) -> dict[str, Callable[[Report], Section]]:
    return _OF_PLACES if report.asked.region else _OF_QUEBEC
