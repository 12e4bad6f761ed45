"""What a person may choose at any time: what the greeting offers, and the menus of the channels. No Rasa here."""

# The channel that has menus.
MENUS = "messenger"
STANDING = {
    '/find_support{"need": "financement"}': "Trouver du financement",
    '/find_support{"need": "mentorat"}': "Trouver un mentor",
    '/find_support{"need": "accompagnement"}': "Démarrer un projet",
    "/capabilities": "Ce que je peux faire",
    "/talk_to_human": "Parler à une personne",
    "/erase_data": "Effacer ma conversation",
    "/greet": "Démarrer",
}
