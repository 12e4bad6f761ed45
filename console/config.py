"""What the console is told when it is made; it reads no setting itself."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from console.errors import UnsafeConfig


@dataclass(frozen=True)
class HashCost:
    """What one reading of a password costs: memory in KiB, passes over it, lanes."""

    memory_kib: int = 19456
    passes: int = 2
    lanes: int = 1


# The least of OWASP's Password Storage Cheat Sheet for Argon2id.
FLOOR = HashCost()


@dataclass(frozen=True)
class Provider:
    """An organisation's own accounts (OpenID Connect). The addresses are given, never discovered."""

    issuer: str
    authorize_url: str
    token_url: str
    keys_url: str
    client_id: str
    client_secret: str = field(repr=False)

    def check(self) -> None:
        """Do nothing when what is said to the provider cannot be read on the way.

        Raises:
            UnsafeConfig: an address is neither https nor of this machine.
        """
        for address in (self.issuer, self.authorize_url, self.token_url, self.keys_url):
            parts = urlsplit(address)
            if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
                raise UnsafeConfig(f"La connexion par l’organisation passerait en clair par {address}\u00a0: donnez une adresse https.")


@dataclass(frozen=True)
class Config:
    """One console. `https` is what its visitors use, whatever the proxy in front says to it; `testing` allows cheap passwords."""

    journal_url: str = field(repr=False)
    directory_url: str = field(repr=False)
    secret: str = field(repr=False)
    https: bool = False
    host: str = "127.0.0.1"
    proxies: int = 0
    provider: Provider | None = None
    hash_cost: HashCost = FLOOR
    testing: bool = False

    def check(self) -> None:
        """Do nothing when the console may be served so.

        Raises:
            UnsafeConfig: passwords would be too cheap to guess, or would travel in clear.
        """
        if self.provider:
            self.provider.check()
        cost = self.hash_cost
        if not self.testing and (cost.memory_kib < FLOOR.memory_kib or cost.passes < FLOOR.passes or cost.lanes < FLOOR.lanes):
            raise UnsafeConfig("Les mots de passe seraient trop faciles à deviner\u00a0: gardez au moins le coût par défaut.")
        if not self.https and not is_loopback(self.host):
            raise UnsafeConfig(
                f"La console ne s’offre pas en http à {self.host}\u00a0: gardez AIGUILLEUR_HOST=127.0.0.1, "
                "ou mettez un serveur mandataire en https devant elle et donnez AIGUILLEUR_CONSOLE_HTTPS=1."
            )


def is_loopback(host: str) -> bool:
    """Only this machine reaches `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
