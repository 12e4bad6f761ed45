"""Nothing undocumented ships: each verb has one sentence of help and a real example, each option its help."""

import re
from collections.abc import Iterator

import click
import pytest
import typer

from cli.main import app

EXPECTED = {
    "serve",
    "chat",
    "train",
    "evaluate",
    "understanding",
    "directory import",
    "directory check",
    "directory export",
    "directory upgrade",
    "directory downgrade",
    "directory import-csv",
    "directory check-links",
    "console add-user",
    "console serve",
    "journal rebuild",
    "journal purge",
    "journal erase",
    "journal dossier",
}


def _verbs(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Yield each verb with its full name, groups left out."""
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from _verbs(below, (*path, name))
    else:
        yield " ".join(path), command


VERBS = dict(_verbs(typer.main.get_command(app)))


def test_the_verbs_are_those_of_the_design():
    assert set(VERBS) >= EXPECTED


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_a_sentence_of_help_and_an_example_of_itself(verb):
    told = " ".join(VERBS[verb].help.replace("\u00a0", " ").split())
    sentence, _, example = told.partition("Exemple :")
    assert re.fullmatch(r"[A-ZÉÀ][^.]{10,160}\.", sentence.strip()), told
    assert example.strip().startswith(f"aiguilleur {verb}"), told


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_and_argument_of_a_verb_has_its_help(verb):
    silent = [one.name for one in VERBS[verb].params if one.name != "help" and not getattr(one, "help", None)]
    assert not silent


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_of_a_verb_is_a_command_that_exists(verb):
    words = " ".join(VERBS[verb].help.replace("\u00a0", " ").split()).partition("Exemple : aiguilleur ")[2].split()
    options = {name for one in VERBS[verb].params for name in (*one.opts, *one.secondary_opts)}
    assert [word for word in words if word.startswith("--") and word not in options] == []


def test_the_help_is_in_french(capsys):
    with pytest.raises(SystemExit) as ended:
        typer.main.get_command(app)(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert "Aiguilleur" in told
    assert all(verb.split()[0] in told for verb in VERBS)


def test_an_unknown_verb_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        typer.main.get_command(app)(["dormir"])
    assert ended.value.code != 0
    assert "dormir" in capsys.readouterr().err
