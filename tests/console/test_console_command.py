"""The command line: a first account without a default password, a link, the audit trail verified."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from staff import Staff
from tables import with_tables
from typer.testing import CliRunner, Result

from cli.console import app
from cli.console_process import config_of
from cli.errors import CommandError
from console.accounts.passwords import Passwords
from console.app import FLOOR, make_app
from console.models import Account, AuditRow
from journal.store import Journal
from settings import Settings, load_settings

PASSWORD = "une phrase longue et simple"
TWICE = f"{PASSWORD}\n{PASSWORD}\n"


@pytest.fixture
def journal_url(tmp_path: Path) -> str:
    """A journal without any table yet."""
    return f"sqlite:///{tmp_path / 'journal.db'}"


@pytest.fixture
def run(journal_url: str, directory_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """run(arguments, typed): what the command does."""
    for name, value in (("JOURNAL_DATABASE_URL", journal_url), ("DATABASE_URL", directory_url), ("SECRET", "0123456789abcdef" * 3)):
        monkeypatch.setenv(f"AIGUILLEUR_{name}", value)
    return lambda *arguments, typed="": CliRunner().invoke(app, arguments, input=typed)


@pytest.fixture
def reading(journal_url: str) -> Iterator[Session]:
    """A session on the journal."""
    journal = Journal(journal_url)
    with journal.reading() as session:
        yield session
    journal.close()


def test_the_first_account_is_made_with_its_tables_and_a_password_typed_twice(run: Callable[..., Result], reading: Session) -> None:
    done = run("add-user", "M.Tremblay", "--role", "admin", "--role", "reviewer", "--name", "Marie Tremblay", typed=TWICE)
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    account = reading.execute(select(Account)).scalar_one()
    assert (account.username, account.name, account.roles) == ("m.tremblay", "Marie Tremblay", ["reviewer", "admin"])
    assert Passwords(FLOOR).recognises(account.password, PASSWORD)
    row = reading.execute(select(AuditRow)).scalar_one()
    assert (row.account, row.action, row.subject) == ("(ligne de commande)", "account.add", "m.tremblay")


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("m.roy", "--role", "admin"), "court\ncourt\n", "trop court"),
        (("m.roy", "--role", "admin"), f"{PASSWORD}\nautre chose de long\n", "pas les mêmes"),
        (("m.roy",), TWICE, "Rôles"),
        (("m.roy", "--role", "dieu"), TWICE, "Rôles"),
        (("m roy", "--role", "admin"), TWICE, "Nom d’utilisateur"),
        (("m.roy", "--role", "admin", "--email", "x"), TWICE, "Courriel"),
    ],
)
def test_what_cannot_be_is_told_in_a_line_and_adds_nothing(
    run: Callable[..., Result], reading: Session, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    done = run("add-user", *arguments, typed=typed)
    assert done.exit_code == 1
    assert told in done.output
    assert "Traceback" not in done.output
    assert reading.execute(select(Account)).all() == []


def test_an_account_is_not_added_twice(run: Callable[..., Result]) -> None:
    run("add-user", "m.roy", "--role", "admin", "--link")
    again = run("add-user", "m.roy", "--role", "reader", "--link")
    assert again.exit_code == 1
    assert "déjà pris" in again.output


def test_a_link_opens_the_page_where_the_password_is_chosen(run: Callable[..., Result]) -> None:
    done = run("add-user", "m.roy", "--role", "admin", "--link", "--url", "https://console.exemple.ca/")
    link = re.search(r"https://console\.exemple\.ca(/mot-de-passe/\S+)", done.output)[1]
    console = make_app(config_of(load_settings()))
    console.test_client_class = Staff
    visitor = console.test_client()
    assert "m.roy" in visitor.get(link).get_data(as_text=True)
    chosen = {"new_password": PASSWORD, "again": PASSWORD}
    assert visitor.post_form(link, chosen, page=link).status_code == 303
    assert visitor.get(link).status_code == 410
    console.extensions["console_databases"].close()


def test_who_lost_everything_gets_a_link_and_no_second_factor(run: Callable[..., Result], reading: Session, journal_url: str) -> None:
    run("add-user", "m.roy", "--role", "admin", "--link")
    journal = Journal(journal_url)
    with journal.writing.begin() as session:
        session.execute(select(Account)).scalar_one().totp_secret = "GEZDGNBVGY3TQOJQ"
    journal.close()
    assert "127.0.0.1:5006/mot-de-passe/" in run("link", "M.Roy").output
    assert reading.execute(select(Account.totp_secret)).scalar_one()
    reading.rollback()
    assert run("link", "m.roy", "--remove-second-factor").exit_code == 0
    assert reading.execute(select(Account.totp_secret)).scalar_one() is None
    refused = run("link", "personne")
    assert refused.exit_code == 1
    assert "Aucun compte actif" in refused.output


def test_the_trail_is_verified_and_its_first_broken_row_named(run: Callable[..., Result], journal_url: str) -> None:
    assert "0:000" in run("audit").output
    for name in ("a.roy", "b.roy", "c.roy"):
        run("add-user", name, "--role", "admin", "--link")
    whole = run("audit", "--verify")
    assert whole.exit_code == 0
    assert "entier" in whole.output
    state = re.search(r"3:[0-9a-f]{64}", whole.output)[0]
    assert run("audit", "--expect", state).exit_code == 0
    journal = Journal(journal_url)
    with journal.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER console_audit_no_update"))
        connection.execute(text("UPDATE console_audit SET subject = 'x' WHERE id = 2"))
    journal.close()
    broken = run("audit", "--verify")
    assert broken.exit_code == 1
    assert "à la ligne 2" in broken.output
    assert run("audit", "--expect", f"9:{state[2:]}").exit_code == 1
    assert run("audit", "--expect", "rien").exit_code == 1


def test_a_part_of_the_organisation_s_login_that_is_missing_is_named() -> None:
    settings = Settings(secret="s" * 40, console_oidc_issuer="https://idp.example", console_oidc_client_id="x")
    with pytest.raises(CommandError, match="AIGUILLEUR_CONSOLE_OIDC_TOKEN_URL"):
        config_of(settings)


def test_without_https_in_front_the_console_answers_this_machine_alone() -> None:
    assert config_of(Settings(secret="s" * 40, host="0.0.0.0")).host == "127.0.0.1"
    assert config_of(Settings(secret="s" * 40, host="0.0.0.0", console_https=True)).host == "0.0.0.0"


def test_a_journal_from_a_newer_version_is_told(run: Callable[..., Result], journal_url: str) -> None:
    with_tables(journal_url)
    journal = Journal(journal_url)
    with journal.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version_console SET version_num = '29990101_later'"))
    journal.close()
    done = run("audit")
    assert done.exit_code == 1
    assert "version plus récente" in done.output
