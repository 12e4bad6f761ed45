"""What the console reads of this feature: its routes, its place in the navigation, what the audit trail calls its actions."""

from console.privacy import incidents, rights  # noqa: F401 - each adds its routes
from console.privacy.blueprint import blueprint

__all__ = ["ACTIONS", "MENU", "blueprint"]
MENU = (("privacy.rights", "Vie privée"), ("privacy.incidents", "Incidents"))
ACTIONS = {
    "privacy.view": "Voir une conversation par son numéro",
    "privacy.dossier": "Télécharger le dossier d’une conversation",
    "privacy.erase": "Demander l’effacement d’une conversation",
    "incident.list": "Voir le registre des incidents",
    "incident.add": "Inscrire un incident",
    "incident.change": "Compléter un incident",
    "incident.export": "Télécharger le registre des incidents",
}
