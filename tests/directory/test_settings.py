"""Every setting has a default that works, and a bad value says which variable, which value and what to do."""

from pathlib import Path

import pytest

from settings import PROJECT_ROOT, SettingsError, load_settings

LONG = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings({})
    assert settings.database_url == f"sqlite:///{PROJECT_ROOT / 'var' / 'directory.db'}"
    assert (settings.server_port, settings.action_server_port) == (5005, 5055)
    assert settings.test_database_url is None
    assert settings.seed_dir == PROJECT_ROOT / "data" / "seed"


def test_an_empty_variable_keeps_the_default() -> None:
    assert load_settings({"AIGUILLEUR_SERVER_PORT": " "}).server_port == 5005


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("postgres://u:p@host/base", "postgresql://u:p@host/base"),
        ("postgresql+psycopg2://u@host/base", "postgresql+psycopg2://u@host/base"),
        ("sqlite:////srv/directory.db", "sqlite:////srv/directory.db"),
        ("sqlite:///other.db", f"sqlite:///{PROJECT_ROOT / 'other.db'}"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
@pytest.mark.parametrize("variable", ["DATABASE_URL", "AIGUILLEUR_DATABASE_URL"])
def test_the_address_of_the_database_is_made_whole(variable: str, given: str, read: str) -> None:
    assert load_settings({variable: given}).database_url == read


def test_the_variable_of_the_project_wins_over_the_common_one() -> None:
    ours, common = "postgresql://u@host/ours", "postgresql://u@host/common"
    assert load_settings({"AIGUILLEUR_DATABASE_URL": ours, "DATABASE_URL": common}).database_url == ours
    assert load_settings({"AIGUILLEUR_DATABASE_URL": " ", "DATABASE_URL": common}).database_url == common


def test_a_path_starts_from_the_project() -> None:
    assert load_settings({"AIGUILLEUR_SEED_DIR": "elsewhere"}).seed_dir == PROJECT_ROOT / "elsewhere"
    assert load_settings({"AIGUILLEUR_SEED_DIR": "/srv/seed"}).seed_dir == Path("/srv/seed")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AIGUILLEUR_SERVER_PORT", "abc"),
        ("AIGUILLEUR_SERVER_PORT", "70000"),
        ("AIGUILLEUR_ACTION_SERVER_PORT", "tcp://10.0.0.1:80"),
        ("AIGUILLEUR_ACTION_SERVER_URL", "localhost:5055"),
        ("AIGUILLEUR_DATABASE_URL", "mysql://host/base"),
        ("AIGUILLEUR_DATABASE_URL", "directory.db"),
        ("DATABASE_URL", "mysql://host/base"),
        ("AIGUILLEUR_WIDGET_ORIGINS", "*"),
        ("AIGUILLEUR_WIDGET_ORIGINS", "https://pole.example/accueil"),
        ("AIGUILLEUR_WIDGET_ORIGINS", "https://pole.example,pole.example"),
        ("AIGUILLEUR_WIDGET_ORIGINS", "null"),
        ("AIGUILLEUR_PROXIES", "un"),
    ],
)
def test_a_bad_value_names_the_variable_and_the_remedy(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings({variable: value})
    assert str(raised.value).startswith(f"{variable}=")
    assert f"{variable}=" in str(raised.value).partition(";")[2]


def test_a_password_is_neither_printed_nor_told() -> None:
    settings = load_settings({"AIGUILLEUR_DATABASE_URL": "postgresql://u:secret@host/base"})
    assert "secret" not in repr(settings)
    with pytest.raises(SettingsError) as raised:
        load_settings({"AIGUILLEUR_DATABASE_URL": "mysql://u:secret@host/base"})
    assert "secret" not in str(raised.value)


def test_conversations_have_a_file_of_their_own_or_the_postgresql_of_the_directory() -> None:
    postgresql = "postgresql://u@host/base"
    assert load_settings({}).conversations_url == f"sqlite:///{PROJECT_ROOT / 'var' / 'conversations.db'}"
    assert load_settings({"DATABASE_URL": postgresql}).conversations_url == postgresql
    other = {"DATABASE_URL": postgresql, "AIGUILLEUR_CONVERSATIONS_DATABASE_URL": "sqlite:////srv/conversations.db"}
    assert load_settings(other).conversations_url == "sqlite:////srv/conversations.db"


def test_sites_are_listed_one_by_one() -> None:
    assert load_settings({}).widget_origins == ()
    listed = load_settings({"AIGUILLEUR_WIDGET_ORIGINS": "https://pole.example, http://127.0.0.1:8000/,"}).widget_origins
    assert listed == ("https://pole.example", "http://127.0.0.1:8000")


@pytest.mark.parametrize("days", ["0", "91", "-3", "toujours"])
def test_conversations_are_kept_no_longer_than_visitors_are_told(days: str) -> None:
    assert load_settings({"AIGUILLEUR_RETENTION_DAYS": "30"}).retention_days == 30
    with pytest.raises(SettingsError, match="AIGUILLEUR_RETENTION_DAYS"):
        load_settings({"AIGUILLEUR_RETENTION_DAYS": days})


def test_a_short_secret_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="trop court") as raised:
        load_settings({"AIGUILLEUR_SECRET": "hunter2"})
    assert "hunter2" not in str(raised.value)
    assert LONG not in repr(load_settings({"AIGUILLEUR_SECRET": LONG}))


def test_a_long_secret_that_says_the_same_again_is_refused() -> None:
    with pytest.raises(SettingsError, match="se devine"):
        load_settings({"AIGUILLEUR_SECRET": "0123456" * 8})


PASTED = [f"« {LONG} »", f"“{LONG}”", f'"{LONG}"', f"'{LONG}'", f"Bearer {LONG}", f"bearer{LONG}", f"{LONG[:16]}\n{LONG[16:]}", "•" * 40]


@pytest.mark.parametrize("name", ["AIGUILLEUR_MESSENGER_PAGE_TOKEN", "AIGUILLEUR_MESSENGER_APP_SECRET"])
@pytest.mark.parametrize("pasted", PASTED)
def test_what_is_pasted_with_a_secret_of_metas_is_named_and_not_repeated(name: str, pasted: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}=….*recopiez-le") as raised:
        load_settings({name: pasted})
    assert LONG[:16] not in str(raised.value)


def test_nobody_is_told_to_invent_a_secret_that_meta_makes() -> None:
    with pytest.raises(SettingsError, match="recopiez-le de la console de Meta") as raised:
        load_settings({"AIGUILLEUR_MESSENGER_APP_SECRET": "0f1e2d3c"})
    assert "openssl" not in str(raised.value)
    assert load_settings({"AIGUILLEUR_MESSENGER_APP_SECRET": f" {LONG}\n"}).messenger_app_secret == LONG
