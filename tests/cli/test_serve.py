"""What `aiguilleur serve` keeps for itself between two runs, and what it says of how long conversations last."""

import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.serve import kept_secret
from cli.stack import require_free
from settings import MAX_RETENTION_DAYS, MIN_SECRET, PROJECT_ROOT


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret"
    made = kept_secret(file)
    assert len(made) >= MIN_SECRET
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_secret(file) == made
    assert kept_secret(tmp_path / "other") != made


@pytest.mark.parametrize("held", ["", "   ", "hunter2", "é" * 40])
def test_a_file_that_holds_no_secret_is_told_with_the_remedy(tmp_path: Path, held: str) -> None:
    file = tmp_path / "secret"
    file.write_text(held, encoding="utf-8")
    with pytest.raises(CommandError, match="retirez ce fichier"):
        kept_secret(file)


def test_servers_that_start_together_have_one_secret(tmp_path: Path) -> None:
    for number in range(20):
        with ThreadPoolExecutor(4) as starting:
            made = set(starting.map(kept_secret, [tmp_path / str(number)] * 4))
        assert len(made) == 1


@pytest.mark.parametrize(("host", "told"), [("127.0.0.1", "déjà pris"), ("203.0.113.7", "AIGUILLEUR_HOST")])
def test_an_address_where_one_may_not_listen_is_told_before_the_wait(host: str, told: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(CommandError, match=told):
        require_free(host, other.getsockname()[1])


def test_every_text_that_tells_how_long_conversations_last_tells_the_same() -> None:
    told = f"{MAX_RETENTION_DAYS}\u00a0jours"
    for file in ("bot/assistant.py", "domain.yml", "widget/texts.js"):
        assert told in (PROJECT_ROOT / file).read_text(encoding="utf-8").replace("\\u00a0", "\u00a0"), file
