"""Recognising the places of Québec in what people write: the names that the rest of the project uses.

`PlaceIndex` is built once, from the tables (`load`) or from plain records, and then only read: build a
new one when the directory changes.
"""

from directory.places_choose import choose
from directory.places_index import PlaceIndex
from directory.places_labels import describe, in_region, mrc_title, path, short_label
from directory.places_records import Place, PlaceAlias, PlaceMention, PostalPrefix, Resolution
from directory.places_tree import UnknownPlace

__all__ = [
    "Place",
    "PlaceAlias",
    "PlaceIndex",
    "PlaceMention",
    "PostalPrefix",
    "Resolution",
    "UnknownPlace",
    "choose",
    "describe",
    "in_region",
    "mrc_title",
    "path",
    "short_label",
]
