"""Deciding which place one message is about, when it names several, refines one or rules one out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from directory.places_records import AREA, OUTSIDE, QUEBEC, PlaceMention, Resolution
from directory.places_tree import Tree


@dataclass(frozen=True, slots=True)
class _Reading:
    """One place that the message affirms, from one mention or from several that tell the same place."""

    codes: tuple[str, ...]
    surface: str
    together: bool
    near: bool


def resolve(tree: Tree, mentions: Iterable[PlaceMention]) -> Resolution:
    """Return the place that `mentions`, in the order of the text, come to.

    A place that contains another one refines it (« Clermont dans Charlevoix »); of several distinct
    places, the last one affirmed is the place. A place named only as a landmark (« près de ») counts
    when there is no other.
    """
    mentions = list(mentions)
    denied = [mention for mention in mentions if mention.negated]
    readings = _readings(tree, [each for each in mentions if each.codes and not each.negated])
    result = Resolution(
        "none",
        negated=tuple(mention.surface for mention in denied),
        outside=tuple(each.surface for each in mentions if each.level_hint == OUTSIDE and not each.negated),
    )
    if not readings:
        return result
    place = _told_apart(tree, _last(readings), readings, denied)
    kind = "one" if len(place.codes) == 1 or place.together else "several"
    others = tuple(each.surface for each in readings if each.surface != place.surface and not each.near)
    return replace(result, kind=kind, codes=place.codes, surface=place.surface, others=others)


def narrowed(tree: Tree, codes: Iterable[str], containers: Iterable[str]) -> tuple[str, ...]:
    """Return those of `codes` that are, or lie in, one of `containers`."""
    containers = tuple(containers)
    return tuple(code for code in codes if any(tree.lies_in(code, container) for container in containers))


def neighbours(tree: Tree, codes: Iterable[str], landmarks: Iterable[str]) -> tuple[str, ...]:
    """Return those of `codes` in the MRC of a landmark; failing that, in its region; possibly none."""
    codes, landmarks = tuple(codes), tuple(landmarks)
    for level in ("mrc", "region"):
        around = {tree.above(landmark, level) for landmark in landmarks} - {None}
        close = tuple(code for code in codes if tree.above(code, level) in around)
        if close:
            return close
    return ()


def _readings(tree: Tree, affirmed: list[PlaceMention]) -> list[_Reading]:
    narrow = [mention for mention in affirmed if mention.codes != (QUEBEC,)]
    readings: list[_Reading] = []
    for mention in narrow or affirmed[-1:]:
        new = _Reading(mention.codes, mention.surface, mention.level_hint == AREA, mention.near)
        for other in readings:
            refined = None if new.near != other.near else _refined(tree, other, new)
            if refined is not None:
                readings.remove(other)
                new = refined
                break
        readings.append(new)
    return readings


def _refined(tree: Tree, first: _Reading, second: _Reading) -> _Reading | None:
    """Return the finer of two readings, kept to what the other contains; None when they are distinct."""
    for fine, wide in ((second, first), (first, second)):
        codes = narrowed(tree, fine.codes, wide.codes)
        if codes:
            return replace(fine, codes=codes)
    return None


def _last(readings: list[_Reading]) -> _Reading:
    return next((each for each in reversed(readings) if not each.near), readings[-1])


def _told_apart(tree: Tree, place: _Reading, readings: list[_Reading], denied: list[PlaceMention]) -> _Reading:
    """Return the reading without the candidates that the rest of the message rules out."""
    if place.together or len(place.codes) == 1:
        return place
    excluded = narrowed(tree, place.codes, [code for mention in denied for code in mention.codes])
    codes = tuple(code for code in place.codes if code not in excluded) or place.codes
    for other in readings:
        if other is not place and len(codes) > 1:
            codes = neighbours(tree, codes, other.codes) or codes
    return replace(place, codes=codes)
