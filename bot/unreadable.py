"""What people send that is not text: how it stands in the history, and what they are told of it."""

PHOTO, VIDEO, VOICE, FILE, PLACE, STICKER, THUMB, EMPTY, OTHER = (
    "[photo]",
    "[vidéo]",
    "[message vocal]",
    "[fichier]",
    "[lieu partagé]",
    "[autocollant]",
    "[pouce levé]",
    "[message vide]",
    "[message sans texte]",
)
_ANSWERS = {
    PHOTO: "Je ne peux pas regarder les photos. Dites-moi en quelques mots ce que vous cherchez.",
    VIDEO: "Je ne peux pas regarder les vidéos. Dites-moi en quelques mots ce que vous cherchez.",
    VOICE: "Je ne peux pas écouter les messages vocaux. Écrivez-moi votre question en quelques mots.",
    FILE: "Je ne peux pas ouvrir les fichiers. Écrivez-moi votre question en quelques mots.",
    PLACE: "Je ne peux pas lire les positions partagées. Écrivez-moi le nom de votre municipalité ou de votre MRC.",
    STICKER: "Je ne lis que les mots. Écrivez-moi ce que vous cherchez, et où se trouve votre projet.",
    THUMB: "Merci! Si autre chose vous vient en tête, écrivez-le ici.",
    EMPTY: "Je n’ai rien reçu à lire. Écrivez votre question en quelques mots.",
    OTHER: "Je n’ai pas pu lire ce message. Écrivez-moi votre question en quelques mots.",
}


def answer_to(received: str) -> str:
    """Return the sentence for what was received, one of the names above."""
    return _ANSWERS.get(received, _ANSWERS[OTHER])
