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
    "review.conversation": {"conversation": 999},
    "review.mark_unread": {"conversation": 999},
    "review.change_status": {"conversation": 999},
    "review.change_assignee": {"conversation": 999},
    "review.put_tag": {"conversation": 999},
    "review.take_tag": {"conversation": 999},
    "review.write_note": {"conversation": 999},
    "review.delete_note": {"conversation": 999, "note_id": 999},
    "review.flag": {"conversation": 999},
    "review.delete_view": {"view": 999},
    # mending
    "mending.group": {"digest": "0" * 64},
    "mending.decide": {"digest": "0" * 64},
    "mending.sentence": {"turn": 999},
    "mending.decide_sentence": {"turn": 999},
    "mending.undo": {"correction_id": 999},
    "mending.conversation_test": {"conversation": 999},
    "mending.make_test": {"conversation": 999},
    # actors
    "actors.new": {"word": "organismes"},
    "actors.create": {"word": "organismes"},
    "actors.show": {"word": "organismes", "key": "personne"},
    "actors.edit": {"word": "organismes", "key": "personne"},
    "actors.change": {"word": "organismes", "key": "personne"},
    "actors.history": {"word": "organismes", "key": "personne"},
    "actors.who_gets": {"word": "organismes", "key": "personne"},
    "actors.removing": {"word": "organismes", "key": "personne"},
    "actors.remove": {"word": "organismes", "key": "personne"},
    "actors.verify": {"key": "personne"},
    "actors.closing": {"key": "personne"},
    "actors.close": {"key": "personne"},
    "actors.undoing": {"number": 999},
    "actors.undo_change": {"number": 999},
    "actors.pending": {"what": "verifier"},
    "actors.look_at_file": {"draft": "aucun"},
    "actors.import_file": {"draft": "aucun"},
    # needs
    "needs.export": {"code": "places"},
    # privacy
    "privacy.conversation": {"number": 999},
    "privacy.dossier": {"number": 999, "kind": "json"},
    "privacy.erase": {"number": 999},
    "privacy.incident": {"incident_id": 999},
    "privacy.change_incident": {"incident_id": 999},
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
    ("/conversations/", "reviewer"),
    ("/conversations/?status=fini&words=coop&place_name=nulle+part", "reader"),
    ("/conversations/999", "reviewer"),
    # mending
    ("/phrases/", "reviewer"),
    ("/phrases/", "reader"),
    ("/phrases/decisions", "reviewer"),
    ("/phrases/test/999", "reviewer"),
    # actors
    ("/annuaire/", "reader"),
    ("/annuaire/?lieu=nulle+part", "editor"),
    ("/annuaire/reponses", "editor"),
    ("/annuaire/lieux", "editor"),
    ("/annuaire/a-faire/verifier", "editor"),
    ("/annuaire/a-faire/liens", "editor"),
    ("/annuaire/a-faire/incomplets", "reader"),
    ("/annuaire/a-faire/supprimes", "editor"),
    ("/annuaire/importer", "editor"),
    ("/annuaire/organismes/nouveau", "editor"),
    ("/annuaire/services/nouveau", "editor"),
    ("/annuaire/reponses/nouveau", "editor"),
    ("/annuaire/lieux/nouveau", "editor"),
    # needs
    ("/besoins/", "reader"),
    ("/besoins/?period=year&region=R04", "editor"),
    ("/besoins/?period=own&since=2026-12-01&until=hier", "privacy"),
    # privacy
    ("/vie-privee/", "privacy"),
    ("/vie-privee/?numero=abc", "privacy"),
    ("/vie-privee/conversation/999", "privacy"),
    ("/vie-privee/incidents", "privacy"),
    ("/vie-privee/incidents/nouveau", "privacy"),
]
