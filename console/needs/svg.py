"""SVG of matplotlib made ours: no style but attributes, which the policy of the console allows, and the fonts of the pages."""

import re
from xml.etree import ElementTree

FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_NAMESPACES = {"": "http://www.w3.org/2000/svg", "xlink": "http://www.w3.org/1999/xlink"}
_FONT = re.compile(r"(?:(?P<weight>bold|[1-9]00) )?(?P<size>[\d.]+px) .*")
# What matplotlib says once, of everything.
_EVERYWHERE = {"stroke-linejoin": "round", "stroke-linecap": "butt", "font-family": FONTS}


def plain(text: str) -> str:
    """Return the SVG `text` without style sheets nor styles, its size left to the page."""
    for prefix, address in _NAMESPACES.items():
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.fromstring(text)
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag.endswith("}style")]:
            parent.remove(child)
        for name, value in _properties(parent.attrib.pop("style", "")):
            parent.set(name, value)
    root.attrib.update(_EVERYWHERE)
    return ElementTree.tostring(root, encoding="unicode")


def _properties(style: str) -> list[tuple[str, str]]:
    pairs = [tuple(part.strip() for part in each.split(":", 1)) for each in style.split(";") if ":" in each]
    return [found for name, value in pairs for found in (_font(value) if name == "font" else [(name, value)])]


def _font(value: str) -> list[tuple[str, str]]:
    """Return the attributes of a font, its family left out: the whole drawing has one."""
    found = _FONT.fullmatch(value)
    return [(f"font-{name}", part) for name, part in found.groupdict().items() if part] if found else []
