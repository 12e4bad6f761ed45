"""Quietens the libraries under us, before they are imported: telemetry, start-up notes, deprecation warnings of theirs."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_HOST": "127.0.0.1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TQDM_DISABLE": "1",
}


def quieten() -> None:
    """Set what the libraries read at import; what the operator set already is left alone."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)


@contextmanager
def silent_imports() -> Iterator[None]:
    """Show no warning within: some libraries reset the filters while they are imported, so the display itself is off."""
    shown = warnings.showwarning
    warnings.showwarning = lambda *_args, **_kwargs: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        warnings.showwarning = shown
