"""What `aiguilleur serve` keeps for itself between two runs, and what it says of how long conversations last."""

import stat
from pathlib import Path

from cli.serve import kept_secret
from settings import MAX_RETENTION_DAYS, MIN_SECRET, PROJECT_ROOT


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret"
    made = kept_secret(file)
    assert len(made) >= MIN_SECRET
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_secret(file) == made
    assert kept_secret(tmp_path / "other") != made


def test_every_text_that_tells_how_long_conversations_last_tells_the_same() -> None:
    told = f"{MAX_RETENTION_DAYS}\u00a0jours"
    for file in ("bot/assistant.py", "domain.yml", "widget/texts.js"):
        assert told in (PROJECT_ROOT / file).read_text(encoding="utf-8").replace("\\u00a0", "\u00a0"), file
