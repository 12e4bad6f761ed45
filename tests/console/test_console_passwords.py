"""Passwords: which ones may be chosen, what is kept of them, what reading them costs."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from argon2 import extract_parameters
from clocks import Clock
from sqlalchemy import select
from staff import CHEAP, PASSWORD, Staff, come_in

from console.accounts.passwords import Passwords, check_password
from console.app import FLOOR, Config, HashCost, UnsafeConfig, make_app
from console.databases import Databases
from console.errors import AccountRefused
from console.models import Account
from settings import PROJECT_ROOT

# Fifty people at once, each reading at the cost of service; the peak of the memory is written, in KiB.
FIFTY = """
import resource, threading
from console.accounts.passwords import Passwords
from console.config import FLOOR
passwords = Passwords(FLOOR)
kept = passwords.keep("une phrase longue et simple")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = []
threads = [threading.Thread(target=lambda: told.append(passwords.recognises(kept, "une phrase longue et simple"))) for _ in range(50)]
[each.start() for each in threads]
[each.join() for each in threads]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, sum(told))
"""


def test_what_is_kept_costs_at_least_what_owasp_asks() -> None:
    passwords = Passwords(FLOOR)
    kept = passwords.keep(PASSWORD)
    found = extract_parameters(kept)
    assert found.type.name == "ID"
    assert (found.memory_cost, found.time_cost, found.parallelism) >= (19_456, 2, 1)
    assert found.memory_cost >= 19_456
    assert found.time_cost >= 2
    assert found.salt_len >= 16
    assert PASSWORD not in kept
    assert kept != passwords.keep(PASSWORD)


@pytest.mark.parametrize("cost", [replace(FLOOR, memory_kib=19_455), replace(FLOOR, passes=1), replace(FLOOR, lanes=0), CHEAP])
def test_a_console_in_service_refuses_cheaper_passwords(config: Config, clock: Clock, cost: HashCost) -> None:
    with pytest.raises(UnsafeConfig, match="trop faciles à deviner"):
        make_app(replace(config, hash_cost=cost, testing=False), clock)


def test_a_password_kept_at_an_old_cost_is_kept_again_at_the_login(
    visitor: Staff, add_account: Callable[..., str], bases: Databases
) -> None:
    old = Passwords(HashCost(memory_kib=16, passes=1, lanes=1)).keep(PASSWORD)
    add_account("marie", "reviewer", password=old)
    assert come_in(visitor, "marie", "une phrase longue mais fausse").status_code == 422
    assert _kept(bases) == old
    assert come_in(visitor, "marie").status_code == 303
    assert extract_parameters(_kept(bases)).memory_cost == CHEAP.memory_kib
    visitor.post_form("/deconnexion")
    assert come_in(visitor, "marie").status_code == 303


def _kept(bases: Databases) -> str:
    with bases.journal.reading() as session:
        return session.execute(select(Account.password)).scalar_one()


def test_fifty_logins_at_once_take_the_memory_of_a_few() -> None:
    done = subprocess.run([sys.executable, "-c", FIFTY], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    grown_kib, right = map(int, done.stdout.split())
    assert right == 50
    assert grown_kib < 6 * FLOOR.memory_kib


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("onze signes", "trop court"),
        ("x" * 129, "trop long"),
        ("aaaaaaaaaaaa", "premiers qu’on essaie"),
        ("abababababab", "premiers qu’on essaie"),
        ("            ", "premiers qu’on essaie"),
        ("MotDePasse123", "premiers qu’on essaie"),
        ("password1234", "premiers qu’on essaie"),
        ("voici m.tremblay!", "nom d’utilisateur"),
        ("voici M.TREMBLAY!", "nom d’utilisateur"),
    ],
)
def test_a_password_among_the_first_to_be_tried_is_refused(password: str, told: str) -> None:
    with pytest.raises(AccountRefused, match=told):
        check_password(password, "m.tremblay")


@pytest.mark.parametrize("password", ["douze signes", "x7" * 3 + "-é💡" * 4, "correct horse battery staple", "phrase " * 18])
def test_a_long_password_of_any_signs_is_taken(password: str) -> None:
    check_password(password, "m.tremblay")
    passwords = Passwords(CHEAP)
    assert passwords.recognises(passwords.keep(password), password)


def test_an_accent_typed_in_two_ways_is_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    assert passwords.recognises(passwords.keep("une phrase accentu\u00e9e"), "une phrase accentue\u0301e")


@pytest.mark.parametrize("kept", [None, "", "pas une empreinte", "$argon2id$v=19$m=8,t=1,p=1$YWJj$"])
def test_nothing_opens_an_account_without_a_readable_password(kept: str | None) -> None:
    passwords = Passwords(CHEAP)
    for typed in ("", PASSWORD, "personne n’a ce mot de passe", "x" * 100_000):
        assert not passwords.recognises(kept, typed)
    passwords._nobody = passwords.keep(PASSWORD)
    assert not passwords.recognises(kept, PASSWORD)


def test_a_huge_password_is_answered_like_another_wrong_one(visitor: Staff, add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    assert come_in(visitor, "marie", "x" * 400_000).status_code == 422
    assert come_in(visitor, "x" * 400_000).status_code == 422
