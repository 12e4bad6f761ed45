"""Replies as a terminal shows them: bubbles, cards in boxes, numbered buttons."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

_CONSOLE = Console(highlight=False, width=min(Console().width, 96))


def read_line() -> str | None:
    """Return the next line typed, None at the end of the input."""
    try:
        return _CONSOLE.input("\n[bold]vous >[/] ")
    except EOFError:
        return None


def show(replies: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Print `replies` and return their buttons in the order of their numbers."""
    buttons: list[dict[str, str]] = []
    for reply in replies:
        if reply["text"]:
            _CONSOLE.print(f"\n{escape(reply['text'])}")
        for card in reply["cards"]:
            _CONSOLE.print(Panel("\n".join(card_lines(card)), title=f"[bold]{escape(card['name'])}[/]", title_align="left"))
        for button in reply["buttons"]:
            buttons.append(button)
            _CONSOLE.print(f"  [cyan]\\[{len(buttons)}][/] {escape(button['title'])}")
    return buttons


def card_lines(card: dict[str, Any]) -> list[str]:
    """Return the lines of a card, escaped for the terminal."""
    lines = [escape(card.get("does", ""))]
    if card.get("why"):
        lines.append(f"[italic]Pourquoi\u00a0:[/] {escape('; '.join(card['why']))}.")
    if card.get("caution"):
        lines.append(f"[yellow]{escape(card['caution'])}[/]")
    if card.get("first_step"):
        lines.append(f"[italic]Premier pas\u00a0:[/] {escape(card['first_step'])}")
    reach = [card[name] for name in ("phone", "email", "website") if card.get(name)]
    source = f"source\u00a0: {card['source']}, {card['as_of']}" if card.get("source") else ""
    lines.append(f"[dim]{escape(' · '.join([*reach, *([source] if source else [])]))}[/]")
    return [line for line in lines if line]
