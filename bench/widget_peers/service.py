"""The real `aiguilleur serve`, in a process and on a database of its own, and what the processors did meanwhile."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from bench.processes import environment
from cli.stack import free_port
from settings import PROJECT_ROOT

STARTING_S = 180
STOPPING_S = 30
_TICKS_S = os.sysconf("SC_CLK_TCK")


class NotServed(Exception):
    """The server ended, or did not answer; the message is what it wrote."""


@dataclass(frozen=True)
class Served:
    """A server that runs: its address, its process, and the file of what it writes."""

    url: str
    process: subprocess.Popen
    log: Path


@contextmanager
def served() -> Iterator[Served]:
    """Run the server until the block ends.

    Raises:
        NotServed: it did not start.
    """
    with TemporaryDirectory(prefix="aiguilleur-bench-") as folder:
        port, log = free_port(), Path(folder) / "log.txt"
        env = environment(
            AIGUILLEUR_CONVERSATIONS_DATABASE_URL=f"sqlite:///{folder}/conversations.db",
            AIGUILLEUR_DATABASE_URL=f"sqlite:///{PROJECT_ROOT / 'var' / 'directory.db'}",
            AIGUILLEUR_SECRET=secrets.token_urlsafe(48),
        )
        command = [sys.executable, "-c", "from cli.main import main; main()", "serve", "--port", str(port)]
        with log.open("wb") as written:
            process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=env, stdout=written, stderr=subprocess.STDOUT)
        try:
            server = Served(f"http://127.0.0.1:{port}", process, log)
            _wait_for(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(STOPPING_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(server: Served) -> None:
    deadline = time.monotonic() + STARTING_S
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"{server.url}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise NotServed(server.log.read_text(encoding="utf-8", errors="replace")[-2000:])


@dataclass(frozen=True)
class Use:
    """Processor seconds since some beginning: of the server and its action server, of the visitors (this process), of the whole machine."""

    at: float
    server: float
    visitors: float
    machine: float

    def since(self, before: "Use") -> dict[str, float]:
        """Return the cores that each took since `before`, on average; `others` are the processes that are not ours."""
        seconds = self.at - before.at
        cores = {name: (getattr(self, name) - getattr(before, name)) / seconds for name in ("server", "visitors", "machine")}
        others = max(0.0, cores["machine"] - cores["server"] - cores["visitors"])
        return {"server": cores["server"], "visitors": cores["visitors"], "others": others}


def use(server: Served) -> Use:
    """Return the processor seconds until now."""
    parents = {pid: stat[1] for pid, stat in _stats().items()}
    family = {str(server.process.pid)}
    for _ in range(3):
        family |= {pid for pid, parent in parents.items() if parent in family}
    stats = _stats()
    own_s = sum(sum(map(int, stats[pid][11:13])) for pid in family if pid in stats) / _TICKS_S
    busy = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    # User, nice, system, interrupts; neither idle, nor waiting, nor guests, which user counts already.
    machine_s = sum(int(busy[i]) for i in (0, 1, 2, 5, 6, 7)) / _TICKS_S
    return Use(time.monotonic(), own_s, time.process_time(), machine_s)


def _stats() -> dict[str, list[str]]:
    """Return the fields of /proc/…/stat that follow the name, by process."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[folder.name] = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
    return found
