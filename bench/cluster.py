"""A private PostgreSQL server, for as long as it is used."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

INSTALLED_IN = ("usr/lib/postgresql/*", "opt/homebrew/opt/*", "usr/local/opt/*", "usr/pgsql-*")
# What is said nowhere is PostgreSQL's default.
SERVING = {"shared_buffers": "1GB", "work_mem": "32MB", "effective_cache_size": "4GB", "random_page_cost": "1.1"}
# While a database is filled, nothing needs to outlive a power cut.
FILLING = {
    **SERVING,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
FILLING |= {"max_wal_size": "8GB", "autovacuum": "off"}


class NoServer(Exception):
    """The programs of PostgreSQL are not on this machine."""


class Cluster:
    """The server whose data is in `folder`; it runs between `start` and `stop`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._data = folder, folder / "data"
        self._programs = _programs()

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def make(self) -> None:
        """Make its data, empty."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    @property
    def made(self) -> bool:
        """Its data is there already."""
        return self._data.is_dir()

    def start(self, options: Mapping[str, str]) -> None:
        """Start it with `options` beside its defaults."""
        told = {"listen_addresses": "''", "unix_socket_directories": f"'{self.folder}'", **options}
        said = " ".join(f"-c {name}={value}" for name, value in told.items())
        self._run("pg_ctl", "-w", "-t", "600", "-l", str(self.folder / "log"), "-o", said, "start")

    def stop(self) -> None:
        """Stop it, all written."""
        self._run("pg_ctl", "-w", "-t", "600", "-m", "fast", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_server_user(), str(self._programs / program), "-D", str(self._data), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def cluster(kept: Path | None = None) -> Iterator[Cluster]:
    """Give a server that is not made, or does not run, yet. Its data goes away at the end, unless it is `kept` in a folder.

    Raises:
        NoServer: PostgreSQL is not installed.
    """
    folder = kept or Path(tempfile.mkdtemp(prefix="aiguilleur-bench-", dir="/tmp"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield Cluster(folder)
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).parent
    found = {path.parent for root in INSTALLED_IN for path in Path("/").glob(f"{root}/bin/initdb")}
    if not found:
        raise NoServer("PostgreSQL was not found: « apt-get install postgresql » (Debian, Ubuntu) or « brew install postgresql » (macOS)")
    return max(found, key=str)


def _as_server_user() -> list[str]:
    """PostgreSQL refuses to run as root: the packages' own account runs it then."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
