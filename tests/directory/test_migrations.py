"""The migrations make the tables of the models, take them away, and failures say what to do."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.orm import sessionmaker
from typer.testing import CliRunner

from cli.directory import app
from directory import schema
from directory.database import current_revision, make_engine, open_directory, reachable, session_scope
from directory.errors import DatabaseUnreachable, SchemaMismatch, UnknownRevision
from directory.models import Base
from directory.queries import directory_version

_A_SERVICE = """
    INSERT INTO service (id, slug, actor_id, name, status, conditions, uses, other_sources, aliases)
    VALUES (:id, :slug, 1, 'Service', 'active', '[]', '[]', '[]', '[]')
"""
_AN_ACTOR = """
    INSERT INTO actor (id, slug, name, kind, status, dedicated, other_sources)
    VALUES (1, 'a', 'A', 'pole', 'active', false, '[]')
"""


def test_the_migrations_make_exactly_the_tables_of_the_models(empty_url: str) -> None:
    with reachable(make_engine(empty_url)) as connection:
        schema.upgrade(connection)
        context = MigrationContext.configure(connection, opts={"version_table": schema.VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_threads_of_one_process_migrate_databases_of_their_own(tmp_path: Path) -> None:
    def migrate(number: int) -> str:
        with reachable(make_engine(f"sqlite:///{tmp_path}/{number}.db")) as connection:
            schema.upgrade(connection)
            schema.downgrade(connection)
            schema.upgrade(connection)
            return current_revision(connection)

    with ThreadPoolExecutor(8) as threads:
        assert {*threads.map(migrate, range(8))} == {schema.expected_revision()}


def test_going_down_leaves_nothing_and_up_again_works(empty_url: str) -> None:
    with reachable(make_engine(empty_url)) as connection:
        schema.upgrade(connection)
        schema.downgrade(connection, "base")
        assert inspect(connection).get_table_names() == [schema.VERSION_TABLE]
        schema.upgrade(connection)
        assert current_revision(connection) == schema.expected_revision()


def test_the_codes_of_services_go_from_their_tables_to_their_row_and_back(empty_url: str) -> None:
    with reachable(make_engine(empty_url)) as connection:
        schema.upgrade(connection, "20261124_service_requires")
        connection.execute(text(_AN_ACTOR))
        for number in (1, 2):
            connection.execute(text(_A_SERVICE), {"id": number, "slug": f"s{number}"})
        connection.execute(text("INSERT INTO service_need (service_id, need) VALUES (1, 'reprise'), (1, 'financement'), (2, 'mentorat')"))
        connection.execute(text("INSERT INTO service_stage (service_id, stage) VALUES (1, 'idee')"))
        schema.upgrade(connection)
        held = connection.execute(text("SELECT needs, legal_forms, stages FROM service ORDER BY id")).all()
        assert held == [("|financement|reprise|", "", "|idee|"), ("|mentorat|", "", "")]
        schema.downgrade(connection, "20261124_service_requires")
        needs = connection.execute(text("SELECT service_id, need FROM service_need ORDER BY service_id, need")).all()
        assert needs == [(1, "financement"), (1, "reprise"), (2, "mentorat")]
        assert connection.execute(text("SELECT slug FROM service ORDER BY id")).scalars().all() == ["s1", "s2"]


def test_a_failed_migration_leaves_the_tables_as_they_were(empty_url: str) -> None:
    engine = make_engine(empty_url)

    def upgrade_then_fail() -> None:
        with reachable(engine) as connection:
            schema.upgrade(connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        upgrade_then_fail()
    with reachable(engine) as connection:
        assert inspect(connection).get_table_names() == []


def test_migrations_are_named_by_date() -> None:
    files = [path.stem for path in (schema.MIGRATIONS / "versions").glob("*.py")]
    assert files
    assert [name for name in files if not re.fullmatch(r"20\d{6}_\w+", name)] == []


def test_a_new_database_starts_at_version_zero(factory: sessionmaker) -> None:
    with session_scope(factory) as session:
        assert directory_version(session) == 0


def test_a_database_without_tables_says_which_command_makes_them(empty_url: str) -> None:
    with pytest.raises(SchemaMismatch) as raised:
        open_directory(empty_url)
    assert "aucune" in str(raised.value)
    assert schema.expected_revision() in str(raised.value)
    assert "aiguilleur directory upgrade" in str(raised.value)


def test_a_database_of_a_newer_program_says_so(empty_url: str) -> None:
    with reachable(make_engine(empty_url)) as connection:
        schema.upgrade(connection)
        connection.exec_driver_sql(f"UPDATE {schema.VERSION_TABLE} SET version_num = '20991231_later'")
    with pytest.raises(SchemaMismatch, match="20991231_later.*mettez le programme à jour"):
        open_directory(empty_url)


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable) as raised:
        open_directory("postgresql://someone:secret@127.0.0.1:1/directory")
    message = str(raised.value)
    assert "someone:***@127.0.0.1:1/directory" in message
    assert "AIGUILLEUR_DATABASE_URL" in message
    assert "secret" not in message
    assert "\n" not in message


def test_a_file_that_is_no_database_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "directory.db").mkdir()
    with pytest.raises(DatabaseUnreachable, match=re.escape("directory.db")):
        open_directory(f"sqlite:///{tmp_path / 'directory.db'}")


def test_a_text_file_in_place_of_the_database_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "directory.db").write_text("ceci n’est pas une base de données\n" * 200)
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        open_directory(f"sqlite:///{tmp_path / 'directory.db'}")


def test_an_unknown_revision_is_named(empty_url: str) -> None:
    with pytest.raises(UnknownRevision, match="nowhere"), reachable(make_engine(empty_url)) as connection:
        schema.upgrade(connection, "nowhere")


def test_the_command_line_goes_up_and_down(new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_DATABASE_URL", new_database())
    runner = CliRunner()
    assert "aucune table → 2" in runner.invoke(app, ["upgrade"]).stdout
    refused = runner.invoke(app, ["downgrade"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "--yes" in refused.stderr
    assert "→ aucune table" in runner.invoke(app, ["downgrade", "base", "--yes"]).stdout


def test_the_command_line_fails_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_DATABASE_URL", "postgresql://127.0.0.1:1/directory")
    for arguments in (["import"], ["check"], ["export", "--output", "x"], ["upgrade"], ["downgrade", "--yes"]):
        failed = CliRunner().invoke(app, arguments)
        assert (failed.exit_code, failed.stdout, failed.stderr.count("\n")) == (1, "", 1), arguments
