"""What the benchmark does with processes: their environment, time and memory, and the lines of progress."""

import os
import resource
import sys
import time
from pathlib import Path

STARTED = time.monotonic()


def say(text: str) -> None:
    """Show a line of progress on standard error, with the minutes and seconds since the start."""
    minutes, seconds = divmod(int(time.monotonic() - STARTED), 60)
    print(f"[{minutes:3d}:{seconds:02d}] {text}", file=sys.stderr, flush=True)


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a process that is compared: ours, with `more`."""
    return {**os.environ, "PYTHONWARNINGS": "ignore", "NODE_NO_WARNINGS": "1", "TQDM_DISABLE": "1", **more}


def children_s() -> float:
    """Return the processor seconds of the processes started here that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident_mb(process: int | str = "self") -> float:
    """Return the resident memory of a process, in mebibytes (VmRSS)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def children_mb() -> float:
    """Return the resident memory of the processes that this one started and that run now, in mebibytes."""
    own = str(os.getpid())
    found = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = folder.joinpath("stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            found += resident_mb(folder.name) if parent == own else 0.0
        except (OSError, StopIteration):  # it ended meanwhile
            continue
    return found
