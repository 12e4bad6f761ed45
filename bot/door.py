"""The door: what is done to every message before it is understood or kept, whatever the channel.

Personal data is masked, length bounded, signs of another protocol neutralised. Nothing past the door ever
sees the original. It knows nobody: a phone of the directory that a person types is masked like any other.
"""

import re
import unicodedata
from dataclasses import dataclass

from journal.personal import mask

MAX_CHARACTERS = 1_500
_LINE_ENDS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# What colours a terminal: without its first sign, the rest would be read (« [31m », 31 millions).
_TERMINAL = re.compile(r"\x1b\[[0-9;?]{0,16}[ -/]{0,4}[@-~]")
_COMMAND = re.compile(r"^[\s/\\{\u2044\u2215\u29f5\u29f8]+")
_FULL_WIDTH = {0xFF00 + shift: 0x20 + shift for shift in range(1, 95)}
_SMALL = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFE50, 0xFE6C)}
_WIDTHS = _FULL_WIDTH | _SMALL


@dataclass(frozen=True)
class Entered:
    """A message past the door: its `text`, the kinds of personal data that were `masked`, and whether it was cut."""

    text: str
    masked: tuple[str, ...] = ()
    shortened: bool = False


def enter(text: str) -> Entered:
    """Return `text` made safe: hidden signs out, no leading command sign, at most 1,500 characters, personal data masked."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _HIDDEN.sub("", _TERMINAL.sub("", _LINE_ENDS.sub("\n", text))).translate(_WIDTHS)
    text = unicodedata.normalize("NFC", text)
    shortened = len(text) > MAX_CHARACTERS
    masked, kinds = mask(_COMMAND.sub("", text[:MAX_CHARACTERS]).strip())
    return Entered(masked, tuple(kinds), shortened)
