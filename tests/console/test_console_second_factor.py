"""The second factor: activated by a code, asked at each login, each code good once."""

import hashlib
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pyotp
import pytest
from clocks import Clock
from sqlalchemy import select, text
from staff import CHEAP, PASSWORD, Staff, come_in
from tables import with_tables

from console.accounts import second_factor
from console.accounts.door import Door, Tried, find
from console.accounts.passwords import Passwords
from console.databases import Databases
from console.errors import LoginRefused
from console.models import Account, AuditRow

# RFC 6238, appendix B, SHA-1: the last six digits of its eight.
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, timezone.utc)
    assert second_factor.step_of(RFC_SECRET, code, at) == seconds // 30
    account = Account(totp_secret=RFC_SECRET, totp_last_step=None, recovery_codes=[])
    assert second_factor.accepts(account, code, at)
    assert not second_factor.accepts(account, code, at)


def _account(bases: Databases) -> Account:
    with bases.journal.reading() as session:
        return session.execute(select(Account)).scalar_one()


@pytest.fixture
def enrolled(login: Callable[..., Staff], clock: Clock) -> tuple[Staff, str, list[str]]:
    """Someone who has just activated the second factor: the browser, the secret, the recovery codes."""
    staff = login("admin", username="marie")
    shown = staff.get("/mon-compte/second-facteur").get_data(as_text=True)
    secret = re.search(r'<code class="copy">([A-Z2-7 ]+)</code>', shown)[1].replace(" ", "")
    code = pyotp.TOTP(secret).at(clock())
    form = {"code": f"{code[:3]} {code[3:]}", "password": PASSWORD}
    answer = staff.post_form("/mon-compte/second-facteur", form, page="/mon-compte/second-facteur")
    codes = re.findall(r"<li>([a-z2-9-]{14})</li>", answer.get_data(as_text=True))
    assert len(codes) == 10
    clock.move(minutes=1)
    return staff, secret, codes


def test_the_image_is_that_of_the_secret_and_comes_as_an_image(login: Callable[..., Staff]) -> None:
    staff = login("admin")
    assert staff.get("/mon-compte/second-facteur.svg").status_code == 404
    staff.get("/mon-compte/second-facteur")
    image = staff.get("/mon-compte/second-facteur.svg")
    assert image.content_type == "image/svg+xml"
    assert image.headers["Cache-Control"] == "no-store"
    assert b"<path" in image.get_data()


def test_the_address_in_the_image_names_the_console_and_the_account() -> None:
    address = second_factor.address_of(RFC_SECRET, "marie")
    assert address == f"otpauth://totp/Aiguilleur:marie?secret={RFC_SECRET}&issuer=Aiguilleur"


def test_a_wrong_code_activates_nothing(login: Callable[..., Staff], bases: Databases) -> None:
    staff = login("admin")
    staff.get("/mon-compte/second-facteur")
    for code in ("000000", "", "x" * 5000, "١٢٣٤٥٦"):
        answer = staff.post_form("/mon-compte/second-facteur", {"code": code}, page="/mon-compte/second-facteur")
        assert answer.status_code == 422
    assert _account(bases).totp_secret is None


def test_no_secret_is_kept_before_its_code_is_given(login: Callable[..., Staff], bases: Databases) -> None:
    staff = login("admin")
    answer = staff.post_form("/mon-compte/second-facteur", {"code": "123456"})
    assert answer.status_code == 303
    assert _account(bases).totp_secret is None


def test_once_activated_the_code_is_asked_and_its_lack_is_told_like_a_wrong_password(enrolled: tuple, visitor: Staff, clock: Clock) -> None:
    _, secret, _ = enrolled
    told = [come_in(visitor, "marie", password, code) for password, code in ((PASSWORD, ""), (PASSWORD, "000000"), ("x" * 12, ""))]
    assert {each.status_code for each in told} == {422}
    assert len({re.search(r'role="alert">([^<]+)', each.get_data(as_text=True))[1] for each in told}) == 1
    assert come_in(visitor, "marie", PASSWORD, pyotp.TOTP(secret).at(clock())).status_code == 303


def test_a_code_serves_once(enrolled: tuple, visitor: Staff, clock: Clock) -> None:
    _, secret, _ = enrolled
    code = pyotp.TOTP(secret).at(clock())
    assert come_in(visitor, "marie", PASSWORD, code).status_code == 303
    visitor.post_form("/deconnexion")
    assert come_in(visitor, "marie", PASSWORD, code).status_code == 422
    earlier = pyotp.TOTP(secret).at(int(clock().timestamp()) - 30)
    assert come_in(visitor, "marie", PASSWORD, earlier).status_code == 422
    clock.move(seconds=30)
    assert come_in(visitor, "marie", PASSWORD, pyotp.TOTP(secret).at(clock())).status_code == 303


def test_the_code_that_activated_does_not_serve_again(login: Callable[..., Staff], visitor: Staff, clock: Clock) -> None:
    staff = login("admin", username="marie")
    shown = staff.get("/mon-compte/second-facteur").get_data(as_text=True)
    secret = re.search(r'<code class="copy">([A-Z2-7 ]+)</code>', shown)[1].replace(" ", "")
    code = pyotp.TOTP(secret).at(clock())
    staff.post_form("/mon-compte/second-facteur", {"code": code, "password": PASSWORD}, page="/mon-compte/second-facteur")
    assert come_in(visitor, "marie", PASSWORD, code).status_code == 422


@pytest.mark.parametrize(("shift_s", "status"), [(-31, 303), (31, 303), (-91, 422), (91, 422)])
def test_a_device_may_be_half_a_minute_off(enrolled: tuple, visitor: Staff, clock: Clock, shift_s: int, status: int) -> None:
    _, secret, _ = enrolled
    clock.move(minutes=5, seconds=15)
    code = pyotp.TOTP(secret).at(int(clock().timestamp()) + shift_s)
    assert come_in(visitor, "marie", PASSWORD, code).status_code == status


def test_a_recovery_code_serves_once_and_is_kept_as_a_digest(enrolled: tuple, visitor: Staff, bases: Databases) -> None:
    _, _, codes = enrolled
    assert codes[0].replace("-", "") not in str(vars(_account(bases)))
    assert come_in(visitor, "marie", PASSWORD, codes[0].upper()).status_code == 303
    visitor.post_form("/deconnexion")
    assert come_in(visitor, "marie", PASSWORD, codes[0]).status_code == 422
    assert come_in(visitor, "marie", PASSWORD, codes[1]).status_code == 303
    assert len(_account(bases).recovery_codes) == 8


def test_new_recovery_codes_take_the_place_of_the_others(enrolled: tuple, visitor: Staff) -> None:
    staff, _, codes = enrolled
    assert staff.post_form("/mon-compte/codes-de-secours", {"password": "x" * 12}).status_code == 422
    answer = staff.post_form("/mon-compte/codes-de-secours", {"password": PASSWORD})
    renewed = re.findall(r"<li>([a-z2-9-]{14})</li>", answer.get_data(as_text=True))
    assert len(renewed) == 10
    assert come_in(visitor, "marie", PASSWORD, codes[2]).status_code == 422
    assert come_in(visitor, "marie", PASSWORD, renewed[2]).status_code == 303


def test_the_second_factor_is_removed_with_the_password_alone(enrolled: tuple, visitor: Staff, bases: Databases) -> None:
    staff, _, _ = enrolled
    assert staff.post_form("/mon-compte/second-facteur/retirer", {"password": "x" * 12}).status_code == 422
    assert _account(bases).totp_secret
    assert staff.post_form("/mon-compte/second-facteur/retirer", {"password": PASSWORD}).status_code == 303
    assert come_in(visitor, "marie").status_code == 303


def test_activating_ends_the_other_sessions_and_renews_this_one(login: Callable[..., Staff], visitor: Staff, clock: Clock) -> None:
    staff = login("admin", username="marie")
    come_in(visitor, "marie")
    before = staff.get_cookie("sid").value
    shown = staff.get("/mon-compte/second-facteur").get_data(as_text=True)
    secret = re.search(r'<code class="copy">([A-Z2-7 ]+)</code>', shown)[1].replace(" ", "")
    form = {"code": pyotp.TOTP(secret).at(clock()), "password": PASSWORD}
    staff.post_form("/mon-compte/second-facteur", form, page="/mon-compte/second-facteur")
    assert staff.get("/").status_code == 200
    assert staff.get_cookie("sid").value != before
    assert visitor.get("/").status_code == 303


def _refused(bases: Databases) -> list[str]:
    with bases.journal.reading() as session:
        return session.execute(select(AuditRow.action).where(AuditRow.result == "refused").order_by(AuditRow.id)).scalars().all()


def test_who_finds_a_session_open_does_not_lock_its_owner_out(login: Callable[..., Staff], clock: Clock, bases: Databases) -> None:
    staff = login("admin", username="marie")
    shown = staff.get("/mon-compte/second-facteur").get_data(as_text=True)
    code = pyotp.TOTP(re.search(r'<code class="copy">([A-Z2-7 ]+)</code>', shown)[1].replace(" ", "")).at(clock())
    for password in ("", "x" * 12):
        answer = staff.post_form("/mon-compte/second-facteur", {"code": code, "password": password}, page="/mon-compte/second-facteur")
        assert answer.status_code == 422
        assert "pas celui-là" in answer.get_data(as_text=True)
    assert _account(bases).totp_secret is None
    assert _refused(bases) == ["own.second_factor"] * 2


def test_a_wrong_password_about_the_second_factor_is_in_the_trail(enrolled: tuple, bases: Databases) -> None:
    for path in ("codes-de-secours", "second-facteur/retirer"):
        enrolled[0].post_form(f"/mon-compte/{path}", {"password": "x" * 12})
    assert _refused(bases) == ["own.recovery_codes", "own.no_second_factor"]


def test_who_has_no_password_here_is_not_asked_for_one(login: Callable[..., Staff], clock: Clock, bases: Databases) -> None:
    staff = login("admin", username="marie")
    with bases.journal.writing.begin() as session:
        session.execute(select(Account)).scalar_one().password = None
    shown = staff.get("/mon-compte/second-facteur").get_data(as_text=True)
    assert 'name="password"' not in shown
    code = pyotp.TOTP(re.search(r'<code class="copy">([A-Z2-7 ]+)</code>', shown)[1].replace(" ", "")).at(clock())
    staff.post_form("/mon-compte/second-facteur", {"code": code}, page="/mon-compte/second-facteur")
    assert _account(bases).totp_secret
    assert 'name="password"' not in staff.get("/mon-compte").get_data(as_text=True)
    assert "codes de secours" in staff.post_form("/mon-compte/codes-de-secours").get_data(as_text=True)
    assert staff.post_form("/mon-compte/second-facteur/retirer").status_code == 303
    assert _account(bases).totp_secret is None


class TestTwoAtOnce:
    """Two who come in with the same code, on a database where both may read at the same moment."""

    @pytest.fixture
    def journal_url(self, postgresql: Callable[[], str]) -> str:
        """A journal on PostgreSQL."""
        return with_tables(postgresql())

    @pytest.fixture
    def door(self, bases: Databases) -> Door:
        return Door(bases.journal.writing, Passwords(CHEAP))

    @pytest.mark.parametrize("way", ["code", "recovery"])
    def test_a_code_that_another_is_using_lets_nobody_in(
        self, door: Door, bases: Databases, clock: Clock, add_account: Callable[..., str], way: str
    ) -> None:
        tried = self._tried(clock, add_account, way)
        with ThreadPoolExecutor(1) as other, bases.journal.writing() as session:
            assert second_factor.accepts(find(session, "marie", lock=True), tried.code, clock())
            session.flush()
            second = other.submit(self._come_in, bases, door, tried)
            _until_one_waits(bases)
            session.commit()
            with pytest.raises(LoginRefused):
                second.result(timeout=10)

    def test_the_second_of_two_logins_is_refused_and_no_fault(
        self, door: Door, bases: Databases, clock: Clock, add_account: Callable[..., str]
    ) -> None:
        tried = self._tried(clock, add_account, "code")
        with ThreadPoolExecutor(1) as other, bases.journal.writing() as session:
            door.come_in(session, tried)
            session.flush()
            second = other.submit(self._come_in, bases, door, tried)
            _until_one_waits(bases)
            session.commit()
            with pytest.raises(LoginRefused):
                second.result(timeout=10)

    def _tried(self, clock: Clock, add_account: Callable[..., str], way: str) -> Tried:
        add_account("marie", "admin", totp_secret=RFC_SECRET, recovery_codes=[hashlib.sha256(b"abcdefghjkmn").hexdigest()])
        code = pyotp.TOTP(RFC_SECRET).at(clock()) if way == "code" else "abcd-efgh-jkmn"
        return Tried("marie", PASSWORD, code, "203.0.113.9", clock())

    def _come_in(self, bases: Databases, door: Door, tried: Tried) -> None:
        with bases.journal.writing.begin() as session:
            door.come_in(session, tried)


def _until_one_waits(bases: Databases) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    for _ in range(500):
        with bases.journal.engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
