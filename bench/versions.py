"""The exact versions of what is compared, and the machine."""

import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.peers.install import versions as peer_versions

LIBRARIES = {
    "Rasa": "rasa",
    "spaCy": "spacy",
    "fr_core_news_md": "fr-core-news-md",
    "scikit-learn": "scikit-learn",
    "TensorFlow": "tensorflow-cpu",
}


def versions() -> dict[str, str]:
    """Return the version of each part, in the order to be shown, and the processor."""
    libraries = {name: version(package) for name, package in LIBRARIES.items()}
    return {"processor": processor(), "Python": platform.python_version(), **libraries, "node": node(), **peer_versions()}


def node() -> str:
    """Return the version of Node, « none » without it."""
    found = shutil.which("node")
    said = subprocess.run([found, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout if found else "none"
    return said.strip().removeprefix("v")


def processor() -> str:
    """Return the model of the processor and the number of its cores that are ours."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {len(names)} cores"
