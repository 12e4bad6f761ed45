"""The second factor: a code of six digits that changes every 30 s (RFC 6238), or a recovery code; each serves once."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

from console.models import Account

STEP_S = 30
ISSUER = "Aiguilleur"
RECOVERY_CODES = 10
# No letter or digit that is read for another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Return a secret for an application of codes."""
    return pyotp.random_base32()


def address_of(secret: str, username: str) -> str:
    """Return what the QR code of an application says."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the period of 30 s whose code it is, the one of `at` or its neighbours; None for none."""
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_S
    return next((step for step in (now, now - 1, now + 1) if hmac.compare_digest(totp.generate_otp(step), code)), None)


def accepts(account: Account, typed: str, at: datetime) -> bool:
    """The account has no second factor, or `typed` is a code of it that has not served, and does not from then on."""
    if account.totp_secret is None:
        return True
    code = re.sub(r"[\s-]", "", typed).lower()
    if not re.fullmatch(r"[0-9]{6}", code):
        return _use_recovery(account, code)
    step = step_of(account.totp_secret, code, at)
    if step is None or step <= (account.totp_last_step or 0):
        return False
    account.totp_last_step = step
    return True


def _use_recovery(account: Account, code: str) -> bool:
    digest = _digest(code)
    if digest not in account.recovery_codes:
        return False
    account.recovery_codes = [each for each in account.recovery_codes if each != digest]
    return True


def renew_recovery(account: Account) -> list[str]:
    """Return the new recovery codes of an account, to be shown once: only their digests are kept."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    account.recovery_codes = [_digest(each) for each in codes]
    return [f"{each[:4]}-{each[4:8]}-{each[8:]}" for each in codes]


def remove(account: Account) -> None:
    """Leave the account without a second factor."""
    account.totp_secret, account.totp_last_step, account.recovery_codes = None, None, []


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
