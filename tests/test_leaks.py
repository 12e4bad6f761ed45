"""The reader of the logs sees what it looks for (`tests/leaks.py`)."""

import logging

import pytest
from leaks import PERSONAL, Reader

WORD = PERSONAL[0]


@pytest.mark.parametrize("level", ["debug", "info", "error"])
def test_a_word_in_a_message_in_its_arguments_or_in_a_traceback_is_seen(level):
    reader = Reader((WORD,))
    logger = logging.Logger("somewhere", logging.DEBUG)
    logger.addHandler(reader)
    log = getattr(logger, level)
    log(f"told by {WORD}")
    log("told by %s", WORD)
    try:
        raise ValueError(WORD)
    except ValueError:
        log("failed", exc_info=True)
    log("nothing of it")
    assert reader.found == [f"somewhere: {WORD!r}"] * 3


def test_the_channels_log_at_their_finest_here(log_reader):
    assert logging.getLogger("bot.messenger.courier").isEnabledFor(logging.DEBUG)
    assert logging.getLogger("httpx").isEnabledFor(logging.DEBUG)
    assert log_reader in logging.getLogger().handlers
