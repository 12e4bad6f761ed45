"""Installs the peers under var/bench, with the versions pinned beside this file; nothing goes in the environment of the project."""

import filecmp
import json
import shutil
import subprocess
import sys
from pathlib import Path

from bench.sides import KEYWORDS, NLPJS, WORK
from settings import PROJECT_ROOT

HERE = Path(__file__).parent
PLACES = {NLPJS: WORK / "nlpjs", KEYWORDS: WORK / "keywords"}


class NotInstalled(Exception):
    """A peer could not be installed; the message says why, for the page."""


def install(code: str) -> None:
    """Install the peer `code` unless it is there with these versions.

    Raises:
        NotInstalled: node or uv is missing, or the registry cannot be reached.
    """
    place = PLACES[code]
    place.mkdir(parents=True, exist_ok=True)
    try:
        _nlpjs(place) if code == NLPJS else _keywords(place)
    except FileNotFoundError as error:
        raise NotInstalled(f"{Path(error.filename).name} is not installed") from error
    except subprocess.CalledProcessError as error:
        raise NotInstalled(f"« {' '.join(map(str, error.cmd[:2]))} » failed") from error


def versions() -> dict[str, str]:
    """Return the pinned version of each part of the peers."""
    lock = json.loads((HERE / "nlpjs" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    pinned = {name: lock[f"node_modules/{name}"]["version"] for name in ("@nlpjs/basic", "@nlpjs/nlp", "@nlpjs/lang-fr")}
    lines = (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    bm25 = dict(line.rstrip("\\ ").split("==") for line in lines if "==" in line)
    return {**pinned, **bm25}


def _nlpjs(place: Path) -> None:
    names = ("package.json", "package-lock.json", "serve.js")
    wanted = HERE / "nlpjs" / "package-lock.json"
    done = place / "node_modules" / ".package-lock.json"
    same = done.is_file() and (place / wanted.name).is_file() and filecmp.cmp(wanted, place / wanted.name, shallow=False)
    for name in names:
        shutil.copy(HERE / "nlpjs" / name, place)
    if not same:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=place, stdout=sys.stderr, check=True)


def _keywords(place: Path) -> None:
    wanted, done = HERE / "requirements.txt", place / "requirements.txt"
    if done.is_file() and filecmp.cmp(wanted, done, shallow=False):
        return
    uv = shutil.which("uv") or str(PROJECT_ROOT / ".tools" / "bin" / "uv")
    options = ["--quiet", "--python", sys.executable, "--target", str(place), "--no-deps", "--require-hashes"]
    subprocess.run([uv, "pip", "install", *options, "--requirement", str(wanted)], stdout=sys.stderr, check=True)
    shutil.copy(wanted, done)
