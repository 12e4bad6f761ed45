"""What the console reads of this feature: its routes, its place in the navigation, what the audit trail calls its actions."""

from console.privacy import incidents, rights  # noqa: F401 - each adds its routes
from console.privacy.blueprint import blueprint

__all__ = ["ACTIONS", "MENU", "blueprint"]
MENU = (("privacy.rights", "Vie privée"), ("privacy.incidents", "Incidents"))
ACTIONS = {
    "privacy.list": "effacements consultés",
    "privacy.view": "conversation consultée par son numéro",
    "privacy.dossier": "dossier d’une conversation téléchargé",
    "privacy.erase": "effacement d’une conversation demandé",
    "incident.list": "registre des incidents consulté",
    "incident.view": "incident consulté",
    "incident.add": "incident inscrit",
    "incident.change": "incident complété",
    "incident.export": "registre des incidents téléchargé",
}
