"""Members of staff at a browser, as the test client plays them."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.config import HashCost

# What a browser says of a request that a page of ours sends.
OURS = {"Sec-Fetch-Site": "same-origin"}
CHEAP = HashCost(memory_kib=8, passes=1, lanes=1)
PASSWORD = "une phrase longue et simple"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Staff(FlaskClient):
    """Someone at a browser. `post_form` takes the token of the page where the form is: `page`, else the address that is posted to."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Return an answer that was read to its end, as a browser does: a file is closed then."""
        return super().open(*args, **{"buffered": True, **kwargs})

    def token(self, page: str = "/") -> str:
        """Return the token that the forms of a page carry."""
        answer = self.get(page, follow_redirects=True)
        found = TOKEN.search(answer.get_data(as_text=True))
        assert found, f"{page} has no form ({answer.status})"
        return found[1]

    def post_form(self, url: str, data: dict[str, Any] | None = None, page: str = "/", **options: Any) -> TestResponse:
        """Return what is answered to a form that is sent as a page of ours would."""
        headers = {**OURS, **options.pop("headers", {})}
        return self.post(url, data={"csrf_token": self.token(page), **(data or {})}, headers=headers, **options)


def come_in(staff: Staff, username: str, password: str = PASSWORD, code: str = "", **options: Any) -> TestResponse:
    """Return what the login answers to a name, a password and a code."""
    form = {"username": username, "password": password, "code": code}
    return staff.post_form("/connexion", form, page="/connexion", **options)
