"""The sections of docs/bench.md that a benchmark of their own writes, each between two markers that name its command."""

import re

_SECTION = re.compile(r"<!-- (?P<command>python -m [\w.]+) -->\n+(?P<text>.*?)\n+<!-- end of (?P=command) -->", re.DOTALL)


def with_section(page: str, command: str, section: str) -> str:
    """Return `page` with the section of `command`: in the place of the one that was there, else at the end."""
    block = f"<!-- {command} -->\n\n{section.strip()}\n\n<!-- end of {command} -->"
    for found in _SECTION.finditer(page):
        if found["command"] == command:
            return page[: found.start()] + block + page[found.end() :]
    return f"{page.rstrip()}\n\n{block}\n"


def sections_of(page: str) -> dict[str, str]:
    """Return the sections of `page` by the command that writes them, in their order."""
    return {found["command"]: found["text"].strip() for found in _SECTION.finditer(page)}
