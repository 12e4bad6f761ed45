"""What the matrix puts in the addresses of the routes: for each endpoint with a variable part, the values of an example.

A feature adds its lines. The values need not exist: what counts is who is let through. `FORMS` holds what is sent to those that change
something, where an empty form would not do.
"""

VALUES: dict[str, dict[str, object]] = {
    "static": {"filename": "console.css"},
    # accounts
    "accounts.choose_password": {"token": "e30"},
    "accounts.end_session": {"session_id": 999},
    "accounts.account": {"account_id": 999},
    "accounts.change": {"account_id": 999},
    "accounts.stop": {"account_id": 999},
    "accounts.start": {"account_id": 999},
    "accounts.link": {"account_id": 999},
    "accounts.remove_factor_of": {"account_id": 999},
    # review
    # mending
    # actors
    # needs
    # privacy
}
FORMS: dict[str, dict[str, str]] = {}
# The pages that axe looks at (test_console_accessible.py): where, and a role that opens it (None: nobody is logged in).
PAGES: list[tuple[str, str | None]] = [
    ("/connexion", None),
    ("/mot-de-passe/e30", None),
    ("/", "admin"),
    ("/mon-compte", "reader"),
    ("/mon-compte/second-facteur", "reader"),
    ("/comptes", "admin"),
    ("/comptes/nouveau", "admin"),
    ("/comptes/1", "admin"),
    ("/registre", "privacy"),
    ("/nulle-part", "reader"),
    # review
    # mending
    # actors
    # needs
    # privacy
]
