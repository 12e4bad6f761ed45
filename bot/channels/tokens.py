"""The tokens by which a client holds a conversation: signed, expiring, issued by the server alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from itsdangerous import BadData, URLSafeSerializer

from bot.channels.refusals import Refused
from bot.conversations.erasing import UNKEPT

# A token in use is replaced when it is as old: it never ends long before its conversation.
_RENEWED = timedelta(hours=1)


@dataclass(frozen=True)
class Holder:
    """Who holds a good token: of which conversation, whether it is kept, and whether the token should be replaced."""

    conversation: str
    keep: bool
    ageing: bool


class Tokens:
    """Makes and reads the tokens of one channel. A kept conversation's lasts `retention`, another's as long as the conversation."""

    def __init__(self, secret: str, channel: str, retention: timedelta) -> None:
        self._signer = URLSafeSerializer(secret, salt=f"{channel} conversation")
        self.retention = retention

    def _life(self, keep: bool) -> timedelta:
        return self.retention if keep else UNKEPT

    def issue(self, conversation: str, keep: bool, now: datetime) -> tuple[str, datetime]:
        """Return a token and when it expires."""
        return self._signer.dumps([conversation, keep, int(now.timestamp())]), now + self._life(keep)

    def read(self, token: str, now: datetime) -> Holder:
        """Return who holds `token`.

        Raises:
            Refused: it is not ours, or has expired.
        """
        try:
            conversation, keep, issued = self._signer.loads(token)
            age = now - datetime.fromtimestamp(issued, timezone.utc)
        except (BadData, TypeError, ValueError, OverflowError):
            raise Refused("no_conversation") from None
        # A token from the future is one that was issued before the clock was set back: it is as good.
        if age > self._life(keep):
            raise Refused("no_conversation")
        return Holder(conversation, keep, age > _RENEWED)
