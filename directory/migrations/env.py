"""Tell Alembic which database and which tables; run by Alembic, never imported."""

from alembic import context
from sqlalchemy.engine import Connection

from directory.database import make_engine
from directory.models import Base
from directory.schema import VERSION_TABLE
from settings import load_settings


def run(connection: Connection) -> None:
    """Run the asked migrations on `connection`."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        # SQLite cannot alter a column: Alembic then copies the table.
        render_as_batch=connection.dialect.name == "sqlite",
        # Tables of other parts of the program may share the database.
        include_name=lambda name, kind, _parents: kind != "table" or name in Base.metadata.tables,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with make_engine(load_settings().database_url).begin() as connection:
        run(connection)
