"""What an operator can mend is told in one line; a fault of the program keeps its traceback."""

import errno

import pytest
from sqlalchemy.exc import OperationalError

from bot.errors import ModelError
from cli.errors import CommandError, operator_errors
from directory.errors import DatabaseUnreachable
from settings import SettingsError

MENDABLE = [
    CommandError("Le port 80 est pris."),
    DatabaseUnreachable("La base ne répond pas."),
    ModelError("Le modèle est abîmé."),
    SettingsError("AIGUILLEUR_HOST", "x", "ce n’est pas une adresse", "corrigez-la"),
    OperationalError("INSERT", {}, Exception("disk\nis full")),
    PermissionError(errno.EACCES, "Permission denied", "/var/lib/x"),
]


@pytest.mark.parametrize("error", MENDABLE, ids=lambda error: type(error).__name__)
def test_what_an_operator_can_mend_ends_in_one_line_and_a_non_zero_exit(error: Exception, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended, operator_errors():
        raise error
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert (told.out, told.err.count("\n")) == ("", 1)


def test_the_path_of_a_refused_file_is_named(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit), operator_errors():
        open("/nowhere/at/all")  # noqa: SIM115 - it never opens
    assert "/nowhere/at/all" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyError("id"), ValueError("x"), OSError("of no file"), RuntimeError()], ids=repr)
def test_a_fault_of_the_program_is_not_told_as_an_operators(error: Exception, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(type(error)), operator_errors():
        raise error
    assert capsys.readouterr().err == ""
