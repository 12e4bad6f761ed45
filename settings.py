"""Everything that the environment may change, read in this one place.

Each field of `Settings` is the variable AIGUILLEUR_<FIELD>; every default works on a laptop. A new
setting is a new field: its type tells how its text is read. The database may also be given as
DATABASE_URL, the name that hosts and other tools use; the variable of ours wins.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path

PREFIX = "AIGUILLEUR_"
PROJECT_ROOT = Path(__file__).resolve().parent
MIN_SECRET = 32
# Fewer different ones are no secret (« aaaa… »).
MIN_SIGNS = 8
# What the greeting, the notice and the answers on privacy say; they would lie above it.
MAX_RETENTION_DAYS = 90
GRAPH_URL = "https://graph.facebook.com"


class SettingsError(Exception):
    """A variable holds a value that cannot be used; the message names it, and the remedy."""

    def __init__(self, variable: str, value: str, problem: str, remedy: str) -> None:
        super().__init__(f"{variable}={value}\u00a0: {problem}; {remedy}.")
        self.variable = variable


@dataclass(frozen=True)
class Settings:
    """The settings of one process. Ports are TCP ports; addresses have no trailing slash."""

    database_url: str = field(default="sqlite:///var/directory.db", repr=False, metadata={"read": "database", "also": "DATABASE_URL"})
    test_database_url: str | None = field(default=None, repr=False, metadata={"read": "database"})
    host: str = "127.0.0.1"
    server_port: int = field(default=5005, metadata={"read": "port"})
    conversations_database_url: str | None = field(default=None, repr=False, metadata={"read": "database"})
    journal_database_url: str | None = field(default=None, repr=False, metadata={"read": "database"})
    # Signs the tokens of conversations; without one, the server makes one and keeps it in var/secret.
    secret: str | None = field(default=None, repr=False, metadata={"read": "secret"})
    # Sites of other addresses that may show the widget.
    widget_origins: tuple[str, ...] = field(default=(), metadata={"read": "origins"})
    # How many reverse proxies stand in front: the visitor's address is read that far back in X-Forwarded-For.
    proxies: int = field(default=0, metadata={"read": "count"})
    retention_days: int = field(default=90, metadata={"read": "retention"})
    # The page on Messenger (docs/messenger.md): all five, or none.
    messenger_page_id: str | None = field(default=None, metadata={"read": "facebook_id"})
    messenger_app_id: str | None = field(default=None, metadata={"read": "facebook_id"})
    messenger_app_secret: str | None = field(default=None, repr=False, metadata={"read": "metas_secret"})
    messenger_page_token: str | None = field(default=None, repr=False, metadata={"read": "metas_secret"})
    messenger_verify_token: str | None = field(default=None, repr=False, metadata={"read": "secret"})
    messenger_graph_version: str = "v25.0"
    messenger_graph_url: str = field(default=GRAPH_URL, metadata={"read": "web_address"})
    # Allows another address than Meta's, for the tests and the simulation.
    messenger_test: bool = False
    # How long a thread stays with a person of the page who writes no more.
    messenger_human_hours: int = field(default=12, metadata={"read": "hours"})
    console_port: int = field(default=5006, metadata={"read": "port"})
    # The console is reached over https: its cookie then travels by nothing else.
    console_https: bool = False
    # Logging in by an organisation's own accounts (docs/guide-du-personnel.md): all six, or none.
    console_oidc_issuer: str | None = field(default=None, metadata={"read": "web_address"})
    console_oidc_authorize_url: str | None = field(default=None, metadata={"read": "web_address"})
    console_oidc_token_url: str | None = field(default=None, metadata={"read": "web_address"})
    console_oidc_keys_url: str | None = field(default=None, metadata={"read": "web_address"})
    console_oidc_client_id: str | None = None
    console_oidc_client_secret: str | None = field(default=None, repr=False, metadata={"read": "client_secret"})
    action_server_port: int = field(default=5055, metadata={"read": "port"})
    action_server_url: str = field(default="http://127.0.0.1:5055/webhook", metadata={"read": "web_address"})
    seed_dir: Path = Path("data/seed")

    @property
    def conversations_url(self) -> str:
        """The database of the conversations: its own, else the directory's PostgreSQL, else a file beside the directory's."""
        return self.conversations_database_url or self._beside("conversations.db")

    @property
    def journal_url(self) -> str:
        """The database of the journal and of the console: its own, else the directory's PostgreSQL, else a file beside the directory's."""
        return self.journal_database_url or self._beside("journal.db")

    def _beside(self, file: str) -> str:
        return f"sqlite:///{PROJECT_ROOT / 'var' / file}" if self.database_url.startswith("sqlite") else self.database_url


def load_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that `env` asks for; an absent or empty variable keeps its default.

    Relative paths, those of SQLite files included, start from the project's folder.

    Raises:
        SettingsError: a value cannot be read.
    """
    return Settings(**{each.name: _value(each, env) for each in fields(Settings)})


def _value(each: Field, env: Mapping[str, str]) -> object:
    names = [PREFIX + each.name.upper(), *filter(None, [each.metadata.get("also")])]
    variable = next((name for name in names if env.get(name, "").strip()), names[0])
    text = env.get(variable, "").strip()
    if not text and each.default in (None, ()):
        return each.default
    return _reader(each)(variable, text or str(each.default))


def _reader(each: Field) -> Callable[[str, str], object]:
    by_type = {int: _whole_number, float: _number, bool: _yes_or_no, Path: _path}
    return _READERS[each.metadata["read"]] if "read" in each.metadata else by_type.get(each.type, _text)


def _text(_variable: str, text: str) -> str:
    return text


def _path(_variable: str, text: str) -> Path:
    return PROJECT_ROOT / Path(text).expanduser()


def _whole_number(variable: str, text: str) -> int:
    if not text.lstrip("-").isdigit():
        raise SettingsError(variable, text, "ce n’est pas un nombre entier", f"donnez par exemple {variable}=10")
    return int(text)


def _number(variable: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        remedy = f"donnez par exemple {variable}=0.5"
        raise SettingsError(variable, text, "ce n’est pas un nombre", remedy) from None


def _yes_or_no(variable: str, text: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "oui": True, "0": False, "false": False, "no": False, "non": False}
    if text.lower() not in answers:
        raise SettingsError(variable, text, "ce n’est ni oui ni non", f"donnez {variable}=1 ou {variable}=0")
    return answers[text.lower()]


def read_port(variable: str, text: str) -> int:
    """Return the TCP port that `text` gives, for the variable or the option that the error names.

    Raises:
        SettingsError: it is none.
    """
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(variable, text, "ce n’est pas un port (1 à 65535)", f"donnez par exemple {variable}=5005")
    return int(text)


def _web_address(variable: str, text: str) -> str:
    if not text.startswith(("http://", "https://")):
        remedy = f"donnez par exemple {variable}=http://127.0.0.1:5055/webhook"
        raise SettingsError(variable, text, "ce n’est pas une adresse http", remedy)
    return text.rstrip("/")


def _database(variable: str, text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if scheme == "postgres":
        return f"postgresql://{rest}"
    if separator and scheme.partition("+")[0] == "postgresql":
        return text
    if scheme != "sqlite" or not rest.startswith("/"):
        remedy = f"donnez {variable}=sqlite:///var/directory.db ou {variable}=postgresql://utilisateur@hôte/base"
        raise SettingsError(variable, f"{scheme}…", "ce n’est ni sqlite ni postgresql", remedy)
    file = rest[1:]
    return text if file in ("", ":memory:") else f"sqlite:///{PROJECT_ROOT / file}"


def _count(variable: str, text: str) -> int:
    if not text.isdigit():
        raise SettingsError(variable, text, "ce n’est pas un nombre de 0 ou plus", f"donnez par exemple {variable}=1")
    return int(text)


def _secret(variable: str, text: str) -> str:
    if len(text) < MIN_SECRET:
        remedy = f"donnez-en un d’au moins {MIN_SECRET} signes, par exemple celui que dit «\u00a0openssl rand -hex 32\u00a0»"
        raise SettingsError(variable, "…", "ce secret est trop court", remedy)
    if len(set(text)) < MIN_SIGNS:
        remedy = "donnez-en un que dit «\u00a0openssl rand -hex 32\u00a0»"
        raise SettingsError(variable, "…", "ce secret se devine\u00a0: les mêmes signes y reviennent", remedy)
    return text


def _metas_secret(variable: str, text: str) -> str:
    """Return a secret that Meta made: nobody may invent one, and what is pasted with it would be sent."""
    copied = "recopiez-le de la console de Meta, en entier et seul sur sa ligne"
    if not re.fullmatch(r"[!-~]+", text) or re.search("[\"']", text) or text.lower().startswith("bearer"):
        problem = "ce n’est pas ce que Meta donne\u00a0: il s’y trouve une espace, un guillemet, un accent, des points ou le mot Bearer"
        raise SettingsError(variable, "…", problem, copied)
    if len(text) < MIN_SECRET:
        raise SettingsError(variable, "…", "il en manque une partie", copied)
    return text


def _client_secret(variable: str, text: str) -> str:
    if not re.fullmatch(r"[!-~]{8,}", text):
        remedy = "recopiez-le de votre fournisseur d’identité, en entier et seul sur sa ligne"
        raise SettingsError(variable, "…", "ce n’est pas un secret de client", remedy)
    return text


def _origins(variable: str, text: str) -> tuple[str, ...]:
    found = tuple(each.strip().rstrip("/") for each in text.split(",") if each.strip())
    for origin in found:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(?::\d{1,5})?", origin):
            remedy = f"donnez chaque site en entier, par exemple {variable}=https://www.pole.example,https://pole.example"
            raise SettingsError(variable, origin, "ce n’est pas l’origine d’un site", remedy)
    return found


def _retention(variable: str, text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MAX_RETENTION_DAYS:
        problem = f"les visiteurs se font dire {MAX_RETENTION_DAYS}\u00a0jours au plus"
        raise SettingsError(variable, text, problem, f"donnez un nombre de 1 à {MAX_RETENTION_DAYS}")
    return int(text)


def _facebook_id(variable: str, text: str) -> str:
    if not re.fullmatch(r"\d{5,32}", text):
        remedy = f"copiez le numéro que montre la console de Meta, par exemple {variable}=104857600123456"
        raise SettingsError(variable, text, "ce n’est pas un numéro de Facebook", remedy)
    return text


def _hours(variable: str, text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 168:
        raise SettingsError(variable, text, "ce n’est pas un nombre d’heures de 1 à 168", f"donnez par exemple {variable}=12")
    return int(text)


_READERS: dict[str, Callable[[str, str], object]] = {
    "client_secret": _client_secret,
    "count": _count,
    "database": _database,
    "facebook_id": _facebook_id,
    "hours": _hours,
    "metas_secret": _metas_secret,
    "origins": _origins,
    "port": read_port,
    "retention": _retention,
    "secret": _secret,
    "web_address": _web_address,
}
