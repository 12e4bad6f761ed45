"""What the widget's channel refuses, and the French sentence that its visitor reads (docs/widget-protocol.md)."""

from typing import Any

from sanic import response
from sanic.response import HTTPResponse

_SAID = {
    "bad_request": (400, "Je n’ai pas pu lire ce message\u00a0: réessayez avec une phrase simple."),
    "no_conversation": (401, "Cette conversation a expiré\u00a0: commencez-en une autre, je suis là."),
    "foreign_origin": (403, "Ce site n’a pas été autorisé à m’afficher\u00a0: écrivez à l’organisme qui le publie."),
    "not_found": (404, "Je ne trouve pas ce que vous demandez\u00a0: rechargez la page, puis réessayez."),
    "bad_method": (405, "Cette adresse ne se consulte pas ainsi\u00a0: rechargez la page."),
    "too_slow": (408, "Votre message n’est pas arrivé en entier\u00a0: envoyez-le de nouveau."),
    "stale_choice": (409, "Ce bouton n’est plus valide. Dites-moi en quelques mots ce que vous cherchez."),
    "erased": (410, "C’est effacé\u00a0: je ne garde rien de cette conversation. Vous pouvez recommencer quand vous voulez."),
    "too_long": (413, "Votre message est trop long\u00a0: écrivez-le en quelques phrases."),
    "too_many": (429, "Il y a trop de demandes en ce moment. Attendez quelques secondes, puis réessayez."),
    "busy": (429, "Je n’ai pas encore répondu à vos derniers messages. Attendez ma réponse, puis réessayez."),
    "failed": (500, "J’ai eu un ennui technique. Réessayez dans un instant, ou appelez votre MRC si c’est pressant."),
    "unavailable": (
        503,
        "J’ai un ennui technique et je réessaie. Si c’est pressant, appelez votre MRC ou votre pôle d’économie sociale.",
    ),
}
_BY_STATUS = {status: code for code, (status, _) in _SAID.items() if code != "busy"}


class Refused(Exception):
    """What was asked is refused; `code` is one of the protocol's."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more


def sentence(code: str) -> str:
    """Return the sentence of a code."""
    return _SAID[code][1]


def refusal(code: str, retry_after_s: int | None = None, **more: Any) -> HTTPResponse:
    """Return the answer that says `code` in French; `more` goes beside the sentence."""
    status, told = _SAID[code]
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s is not None else None
    body = {"error": {"code": code, "message": told, **more}}
    return response.json(body, status=status, headers=headers, ensure_ascii=False)


def refusal_of_status(status: int) -> HTTPResponse:
    """Return the answer to what the server itself refused, by its HTTP status."""
    return refusal(_BY_STATUS.get(status, "bad_request" if status < 500 else "failed"))
