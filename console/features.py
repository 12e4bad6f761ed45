"""The features of the console, as their folders declare them.

`console/<name>/routes.py` holds `blueprint`; and, if it wants, `MENU` (what the navigation shows: endpoint and label), `waiting()` (what
waits for the account of the request, for the first page) and `ACTIONS` (what the audit trail calls what it notes: code and French label).
"""

from collections.abc import Callable, Mapping, Sequence
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
    actions: Mapping[str, str]


def load_feature(name: str) -> Feature:
    """Return the feature of the folder `console/<name>`.

    Raises:
        ImportError, AttributeError: there is none, or it has no blueprint.
    """
    routes = import_module(f"console.{name}.routes")
    more = (getattr(routes, "MENU", ()), getattr(routes, "waiting", None), getattr(routes, "ACTIONS", {}))
    return Feature(name, routes.blueprint, *more)


def features() -> list[Feature]:
    """Return the features of the console that answers, in the order of its navigation."""
    return current_app.extensions["console_features"]


def menu() -> list[tuple[str, str]]:
    """Return what the navigation shows to the account of the request: endpoints and labels."""
    return [entry for feature in features() for entry in feature.menu if may_open(entry[0])]


def actions() -> dict[str, str]:
    """Return what the audit trail calls each action, by code."""
    return {code: label for feature in features() for code, label in feature.actions.items()}
