"""The pages of what goes wrong: in French, without a detail; the operator's log has the cause, and no text of people."""

import logging
import traceback
from types import TracebackType

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from console.databases import READING, is_unreachable
from directory.errors import place_of

logger = logging.getLogger("console")

WORDS = {
    400: ("Demande incomprise", "Le formulaire reçu n’est pas celui que nous attendions. Revenez à la page d’avant et recommencez."),
    403: (
        "Accès refusé",
        "Votre compte n’ouvre pas cette page. Si votre travail le demande, voyez la personne qui administre les comptes.",
    ),
    404: ("Page introuvable", "Cette page n’existe pas, ou n’existe plus. Vérifiez l’adresse, ou repartez de l’accueil."),
    405: ("Page introuvable", "Cette adresse ne s’ouvre pas de cette façon. Repartez de l’accueil."),
    413: ("Envoi trop gros", "Ce que vous envoyez dépasse la limite. Réduisez-le, puis recommencez."),
    500: ("Erreur imprévue", "La page n’a pas pu être faite\u00a0: la cause est dans le journal du serveur."),
    503: (
        "Base de données injoignable",
        "La console ne peut rien lire pour le moment. Réessayez dans une minute; si cela dure, "
        "avisez la personne qui entretient le serveur\u00a0: la cause est dans son journal.",
    ),
}
# What fails may have been written by then: only who asked to read is told that nothing was.
AFTER = {False: "Rien n’a été changé.", True: "Ce que vous envoyiez a pu être enregistré\u00a0: vérifiez avant de recommencer."}
FORM = ("Formulaire expiré", "Ce formulaire est resté ouvert trop longtemps, ou vient d’ailleurs. Rouvrez la page et recommencez.")


class Console(Flask):
    """Flask, whose log names the place of a fault, and never the values that led there."""

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType]) -> None:  # type: ignore[override]
        """Log where a request failed and how; the message of the error may hold what people typed."""
        kind, _, trace = exc_info
        logger.error("console: %s failed with %s\n%s", request.endpoint, kind.__name__, "".join(traceback.format_tb(trace)))


def install(app: Flask) -> None:
    """Give `app` its pages of errors."""
    app.register_error_handler(CSRFError, lambda _error: page(403, FORM))
    app.register_error_handler(InternalServerError, _failed)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _fault)
    app.extensions["console_unavailable"] = unavailable


def _fault(error: Exception) -> tuple[str, int]:
    """Return the page of what no view caught; other faults than a database's go on to Flask, which logs them."""
    if is_unreachable(error):
        return unavailable(error)
    raise error


def _failed(error: InternalServerError) -> tuple[str, int]:
    cause = error.original_exception
    return unavailable(cause) if cause is not None and is_unreachable(cause) else page(500)


def _refused(error: HTTPException) -> object:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    return page(error.code)


def unavailable(error: BaseException) -> tuple[str, int]:
    """Return the page of a database that does not answer, once the log has the cause."""
    reason = " ".join(str(getattr(error, "orig", None) or error).split())
    logger.error("console: a database does not answer at %s (%s: %s)", place_of(error), type(error).__name__, reason)
    g.account = None
    return page(503)


def page(code: int, words: tuple[str, str] | None = None) -> tuple[str, int]:
    """Return the page of an error."""
    title, told = words or WORDS.get(code, WORDS[400 if code < 500 else 500])
    if code >= 500:
        told = f"{told} {AFTER[request.method not in READING]}"
    return render_template("error.html", code=code, title=title, told=told), code
