"""The page that speaks on Messenger: its ids, its secrets, the Graph API that it is reached by."""

from dataclasses import dataclass, field
from datetime import timedelta

from settings import GRAPH_URL, Settings, SettingsError

_NEEDED = ("page_id", "app_id", "app_secret", "page_token", "verify_token")


@dataclass(frozen=True)
class Account:
    """A page and the application that answers for it. `human` is how long the thread stays with a person of the page who is silent."""

    page_id: str
    app_id: str
    app_secret: str = field(repr=False)
    page_token: str = field(repr=False)
    verify_token: str = field(repr=False)
    graph_version: str
    graph_url: str = GRAPH_URL
    human: timedelta = timedelta(hours=12)


def account_of(settings: Settings) -> Account | None:
    """Return the page that the settings name; None when they name none.

    Raises:
        SettingsError: some of its settings are missing, or the Graph API is not Meta's and this is no test.
    """
    given = {name: getattr(settings, f"messenger_{name}") for name in _NEEDED}
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            remedy = "donnez-la aussi, ou retirez les autres AIGUILLEUR_MESSENGER_… (docs/messenger.md)"
            raise SettingsError(f"AIGUILLEUR_MESSENGER_{name.upper()}", "", "il manque cette variable de la page Messenger", remedy)
    if settings.messenger_graph_url != GRAPH_URL and not settings.messenger_test:
        problem = "les messages des gens partiraient ailleurs que chez Meta"
        remedy = "retirez cette variable; pour un essai, ajoutez AIGUILLEUR_MESSENGER_TEST=1"
        raise SettingsError("AIGUILLEUR_MESSENGER_GRAPH_URL", settings.messenger_graph_url, problem, remedy)
    return Account(
        **given,
        graph_version=settings.messenger_graph_version,
        graph_url=settings.messenger_graph_url,
        human=timedelta(hours=settings.messenger_human_hours),
    )
