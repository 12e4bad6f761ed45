"""The features of the console, as their folders declare them.

`console/<name>/routes.py` holds `blueprint`; and, if it wants, `MENU` (what the navigation shows: endpoint and label) and `waiting()`
(what waits for the account of the request, for the first page).
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple

from flask import Blueprint, current_app

from console.permissions import may_open


class Waiting(NamedTuple):
    """Something that waits: « 12 conversations à revoir », and where."""

    label: str
    count: int
    url: str


class Feature(NamedTuple):
    """A feature that is there."""

    name: str
    blueprint: Blueprint
    menu: Sequence[tuple[str, str]]
    waiting: Callable[[], list[Waiting]] | None


def load_feature(name: str) -> Feature:
    """Return the feature of the folder `console/<name>`.

    Raises:
        ImportError, AttributeError: there is none, or it has no blueprint.
    """
    routes = import_module(f"console.{name}.routes")
    return Feature(name, routes.blueprint, getattr(routes, "MENU", ()), getattr(routes, "waiting", None))


def features() -> list[Feature]:
    """Return the features of the console that answers, in the order of its navigation."""
    return current_app.extensions["console_features"]


def menu() -> list[tuple[str, str]]:
    """Return what the navigation shows to the account of the request: endpoints and labels."""
    return [entry for feature in features() for entry in feature.menu if may_open(entry[0])]
