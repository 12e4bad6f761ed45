"""Passwords: which ones are refused, and how the others are kept (Argon2id).

A few are read at the same time, no more, by threads of their own: each takes the memory of its cost, which the C library keeps for the
thread that asked for it.
"""

import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.config import HashCost
from console.errors import AccountRefused

SHORTEST, LONGEST = 12, 128
AT_ONCE = 4
# Those of twelve signs or more that lists of leaked passwords begin with, and ours; compared without case.
COMMON = frozenset(
    "motdepasse123 motdepasse1234 motdepasse12 passwordpassword password1234 password12345 123456789012 1234567890123 "
    "0123456789012 012345678901 qwertyuiop12 qwertyuiop123 qwertyuiopas azertyuiop12 azertyuiop123 1q2w3e4r5t6y 1qaz2wsx3edc "
    "qwerty123456 azerty123456 iloveyou1234 bienvenue123 bienvenue1234 administrateur administrator aiguilleur12 aiguilleur123 "
    "changemechangeme jetaimejetaime soleilsoleil abcdefghijkl abcd12345678 quebec123456 montreal1234 canadien1234 "
    "letmeinletmein tremblay1234 cooperative1 cooperative12 economiesociale".split()
)


class Passwords:
    """Keeps and recognises passwords at one cost."""

    def __init__(self, cost: HashCost) -> None:
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        self._readers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        # Read for names that nobody has, so that they take as long.
        self._nobody = self.keep(secrets.token_urlsafe(32))

    def keep(self, password: str) -> str:
        """Return what is stored of a password."""
        return self._readers.submit(self._hasher.hash, _same(password)).result()

    def recognises(self, kept: str | None, password: str) -> bool:
        """`password` is the one kept; as long to say when none is."""
        readable = _same(password) if len(password) <= LONGEST else ""
        try:
            return self._readers.submit(self._hasher.verify, kept or self._nobody, readable).result() and bool(kept)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """It was kept at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)


def _same(password: str) -> str:
    """Return the password as every keyboard gives it: an accent may be typed in two ways."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, username: str) -> None:
    """Do nothing when the password may be chosen.

    Raises:
        AccountRefused: it is too short, too long, or among the first to be tried.
    """
    if len(password) < SHORTEST:
        raise AccountRefused(f"Le mot de passe est trop court\u00a0: il en faut au moins {SHORTEST} signes. Une phrase convient bien.")
    if len(password) > LONGEST:
        raise AccountRefused(f"Le mot de passe est trop long\u00a0: {LONGEST} signes au plus.")
    folded = _same(password).casefold()
    if len(username) >= 4 and username.casefold() in folded:
        raise AccountRefused("Le mot de passe contient le nom d’utilisateur\u00a0: choisissez-en un autre.")
    if len({*folded}) < 5 or folded in COMMON:
        raise AccountRefused("Ce mot de passe est parmi les premiers qu’on essaie\u00a0: choisissez-en un autre.")
