"""`aiguilleur serve` does not start with half a page of Messenger: one French line names the variable and the remedy (F1)."""

import pytest

PAGE = {
    "AIGUILLEUR_MESSENGER_PAGE_ID": "104027518999001",
    "AIGUILLEUR_MESSENGER_APP_ID": "770011223344556",
    "AIGUILLEUR_MESSENGER_APP_SECRET": "canari-secret-0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "AIGUILLEUR_MESSENGER_PAGE_TOKEN": "EAAcanarijeton0000000000000000000000000000000000000001",
    "AIGUILLEUR_MESSENGER_VERIFY_TOKEN": "canari-verification-6f2b-0123456789abcdef",
}
SECRETS = [name for name in PAGE if not name.endswith("_ID")]


@pytest.fixture
def refused(verb, model):
    """The one line of a `serve` that does not start; were the page taken, the conversations would be missing and named instead."""

    from cli.stack import free_port

    def line(**variables: str) -> str:
        ended = verb(
            "serve",
            "--port",
            str(free_port()),
            "--model",
            str(model),
            **{"AIGUILLEUR_CONVERSATIONS_DATABASE_URL": "sqlite:////proc/none/conversations.db", **variables},
        )
        lines = [each for each in ended.err.splitlines() if each.strip()]
        assert ended.code != 0, ended
        assert ended.out == ""
        assert len(lines) == 1, ended.err
        assert "Traceback" not in ended.err
        return lines[0]

    return line


def _told_in_french(line: str) -> bool:
    return any(word in line for word in (" donnez", " copiez", " recopiez", " retirez"))


def test_a_whole_page_is_taken(refused):
    # It goes on to the conversations, which cannot be there.
    assert "AIGUILLEUR_MESSENGER" not in refused(**PAGE)


@pytest.mark.parametrize("name", PAGE)
def test_a_variable_that_is_missing_is_named(refused, name):
    line = refused(**{**PAGE, name: ""})
    assert name in line
    assert _told_in_french(line)


@pytest.mark.parametrize("name", PAGE)
def test_a_single_variable_is_not_a_page(refused, name):
    line = refused(**{**dict.fromkeys(PAGE, ""), name: PAGE[name]})
    assert "AIGUILLEUR_MESSENGER_" in line
    assert _told_in_french(line)


@pytest.mark.parametrize("name", PAGE)
def test_blanks_are_no_value(refused, name):
    assert name in refused(**{**PAGE, name: "   "})


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("length", [1, 31])
def test_a_short_secret_is_named_and_not_shown(refused, name, length):
    short = "Zk9" * 20
    line = refused(**{**PAGE, name: short[:length]})
    assert name in line
    assert _told_in_french(line)
    assert length == 1 or short[:length] not in line


@pytest.mark.parametrize("name", ["AIGUILLEUR_MESSENGER_PAGE_ID", "AIGUILLEUR_MESSENGER_APP_ID"])
@pytest.mark.parametrize("value", ["pole.gaspesie", "1234", "-104027518999001", "104027518999001x", "1" * 33, "104 027 518"])
def test_an_id_that_is_not_one_is_named_with_its_value(refused, name, value):
    line = refused(**{**PAGE, name: value})
    assert f"{name}={value}" in line
    assert _told_in_french(line)


@pytest.mark.parametrize("hours", ["0", "169", "douze", "-1"])
def test_hours_that_cannot_be_are_named(refused, hours):
    assert f"AIGUILLEUR_MESSENGER_HUMAN_HOURS={hours}" in refused(**PAGE, AIGUILLEUR_MESSENGER_HUMAN_HOURS=hours)


def test_no_secret_of_the_page_is_shown(refused):
    for name in PAGE:
        line = refused(**{**PAGE, name: ""})
        assert [each for each in SECRETS if PAGE[each] in line] == []
