"""Whoever tries too often to come in waits, longer each time, known or not; the counts outlive the process."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from clocks import Clock
from flask import Flask
from sqlalchemy import func, select
from staff import PASSWORD, Staff, come_in
from tables import with_tables

from console.accounts import throttle
from console.accounts.door import Door, Tried
from console.accounts.passwords import Passwords
from console.app import Config, make_app
from console.databases import Databases
from console.errors import LoginRefused
from console.models import AuditRow, Tries

WRONG = "une phrase longue mais fausse"
WAIT = "Trop d’essais"


class Counting(Passwords):
    """Passwords that count how many they read."""

    read = 0

    def recognises(self, kept: str | None, password: str) -> bool:
        """Return what is true, once counted."""
        self.read += 1
        return super().recognises(kept, password)


@pytest.fixture
def journal_url(new_database: Callable[[], str]) -> str:
    """A journal on each kind of database."""
    return with_tables(new_database())


@pytest.fixture
def passwords(config: Config) -> Counting:
    """What reads the passwords, and counts."""
    return Counting(config.hash_cost)


@pytest.fixture
def knock(bases: Databases, clock: Clock, passwords: Counting) -> Callable[..., str]:
    """knock(name, password, ip): what the door says; nothing when it opens."""
    door = Door(bases.journal.writing, passwords)

    def knock_once(username: str, password: str = WRONG, ip: str = "203.0.113.9") -> str:
        try:
            with bases.journal.writing.begin() as session:
                door.come_in(session, Tried(username, password, "", ip, clock()))
        except LoginRefused as refused:
            return str(refused)
        return ""

    return knock_once


def test_ten_thousand_tries_in_a_day_read_few_passwords(
    backend: str, knock: Callable[..., str], add_account: Callable[..., str], clock: Clock, passwords: Counting
) -> None:
    add_account("marie", "reviewer")
    tries = {"sqlite": 10_000, "postgresql": 1_000}[backend]
    for number in range(tries):
        knock("marie", ip=f"203.0.{number % 250}.{number // 250}")
        clock.move(seconds=80_000 / tries)
    # 22 hours: five at once, then one at each end of a wait, which is soon of a quarter of an hour.
    assert 60 < passwords.read < 110


def test_a_thousand_names_from_one_address_read_few_passwords(
    knock: Callable[..., str], clock: Clock, passwords: Counting, bases: Databases
) -> None:
    for number in range(1_000):
        knock(f"nom{number}")
        clock.move(seconds=80)
    assert 60 < passwords.read < 125
    with bases.journal.reading() as session:
        assert session.execute(select(func.count()).select_from(Tries)).scalar_one() < 125


def test_the_wait_grows_and_has_an_end() -> None:
    waits = [throttle.wait_after("account", count) for count in range(1, 40)]
    assert waits[:4] == [timedelta()] * 4
    assert waits[4:8] == [timedelta(seconds=each) for each in (15, 30, 60, 120)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)


def test_who_waited_comes_in_and_is_counted_no_more(knock: Callable[..., str], add_account: Callable[..., str], clock: Clock) -> None:
    add_account("marie", "reviewer")
    for _ in range(6):
        knock("marie")
        clock.move(seconds=1)
    assert WAIT in knock("marie", PASSWORD)
    clock.move(seconds=30)
    assert knock("marie", PASSWORD) == ""
    assert [knock("marie") for _ in range(4)] == [knock("paul") for _ in range(4)]
    assert knock("marie", PASSWORD) == ""


def test_a_wait_is_told_the_same_for_a_name_that_nobody_has(knock: Callable[..., str], add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    told = {name: [knock(name, ip=ip) for _ in range(7)] for name, ip in (("marie", "198.51.100.1"), ("personne", "198.51.100.2"))}
    assert told["marie"] == told["personne"]
    assert WAIT in told["marie"][-1]


def test_as_many_passwords_are_read_for_a_name_that_nobody_has(
    knock: Callable[..., str], add_account: Callable[..., str], passwords: Counting
) -> None:
    add_account("marie", "reviewer")
    add_account("sans", "reviewer", password=None)
    add_account("parti", "reviewer", active=False)
    for name in ("marie", "sans", "parti", "personne"):
        before = passwords.read
        told = knock(name)
        assert passwords.read == before + 1
        assert told == knock(name)


def test_tries_at_the_same_moment_are_all_counted(knock: Callable[..., str], passwords: Counting) -> None:
    with ThreadPoolExecutor(12) as threads:
        told = list(threads.map(lambda number: knock("marie", ip=f"198.51.100.{number}"), range(24)))
    assert passwords.read == 5
    assert sum(WAIT in each for each in told) == 19


def test_who_comes_in_does_not_clear_the_tries_of_an_address(knock: Callable[..., str], add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    for number in range(19):
        knock(f"nom{number}")
        assert knock("marie", PASSWORD) == ""
    assert WAIT not in knock("nom20")
    assert WAIT in knock("marie", PASSWORD)


def test_a_restart_forgets_no_try(console: Flask, config: Config, clock: Clock, add_account: Callable[..., str], visitor: Staff) -> None:
    add_account("marie", "reviewer")
    for _ in range(5):
        come_in(visitor, "marie", WRONG)
    again = make_app(config, clock)
    again.test_client_class = Staff
    answer = come_in(again.test_client(), "marie")
    again.extensions["console_databases"].close()
    assert answer.status_code == 422
    assert WAIT in answer.get_data(as_text=True)


def test_the_alarm_sounds_in_the_log_and_in_the_trail_without_the_name(
    knock: Callable[..., str], bases: Databases, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(12):
            knock("motdepasse-tapé-ici")
            clock.move(minutes=16)
    assert "alarm at the door" in caplog.text
    assert "203.0.113.9" in caplog.text
    with bases.journal.reading() as session:
        rows = session.execute(select(AuditRow).where(AuditRow.action == "door.alarm")).scalars().all()
        kept = session.execute(select(Tries.key)).scalars().all()
    assert [(row.subject, row.ip, row.account) for row in rows] == [("account", "203.0.113.9", "")]
    assert "motdepasse" not in caplog.text + str([vars(row) for row in rows]) + str(kept)


def test_what_is_not_used_for_a_day_is_forgotten(knock: Callable[..., str], bases: Databases, clock: Clock) -> None:
    for number in range(10):
        knock(f"nom{number}", ip=f"198.51.100.{number}")
    clock.move(hours=25)
    knock("marie")
    with bases.journal.reading() as session:
        assert session.execute(select(func.count()).select_from(Tries)).scalar_one() == 2


def test_one_s_own_password_is_no_easier_to_guess_from_inside(login: Callable[..., Staff]) -> None:
    staff = login("reviewer", username="marie")
    form = {"password": WRONG, "new_password": "une autre phrase longue", "again": "une autre phrase longue"}
    told = [staff.post_form("/mon-compte/mot-de-passe", form, page="/mon-compte").get_data(as_text=True) for _ in range(6)]
    assert "n’est pas celui-là" in told[0]
    assert WAIT in told[-1]
