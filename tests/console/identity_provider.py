"""An organisation's login service over HTTP, as OpenID Connect has it, which can be told to lie in each of the ways that matter."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

from console.config import Provider

CLIENT_ID, CLIENT_SECRET = "console-aiguilleur", "le-secret-du-client-de-la-console"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@lru_cache
def _first_key() -> RSAKey:
    """Return a key that is made once: making one takes a third of a second."""
    return IdentityProvider.new_key("first")


class IdentityProvider:
    """The service. `claims` are what it says of the person who comes; `change` changes a token before it is signed, `sign` how."""

    def __init__(self) -> None:
        self.url = ""
        self.keys = [_first_key()]
        self.claims: dict[str, Any] = {"sub": "sujet-1"}
        self.change: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.app = self._make_app()

    @staticmethod
    def new_key(kid: str) -> RSAKey:
        """Return a key of that name."""
        return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}, private=True)

    @property
    def provider(self) -> Provider:
        """What the console is told of it."""
        return Provider(self.url, f"{self.url}/authorize", f"{self.url}/token", f"{self.url}/keys", CLIENT_ID, CLIENT_SECRET)

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is published no more."""
        self.keys = [self.new_key(f"key-{len(self.asked)}-{time.time_ns()}")]

    def signed(self, claims: dict[str, Any]) -> str:
        """Return a token as the standard has it."""
        return jwt.encode({"alg": "RS256", "kid": self.keys[0].kid}, claims, self.keys[0])

    def unsigned(self, claims: dict[str, Any]) -> str:
        """Return a token that says that nobody signed it."""
        header = json.dumps({"alg": "none"}).encode()
        return f"{_encoded(header)}.{_encoded(json.dumps(claims).encode())}."

    def signed_with_public_key(self, claims: dict[str, Any]) -> str:
        """Return a token signed by HS256, with the public key as its secret: anyone can make it."""
        header = json.dumps({"alg": "HS256", "kid": self.keys[0].kid}).encode()
        content = f"{_encoded(header)}.{_encoded(json.dumps(claims).encode())}"
        return f"{content}.{_encoded(hmac.digest(self.keys[0].as_pem(private=False), content.encode(), 'sha256'))}"

    def signed_by_another(self, claims: dict[str, Any]) -> str:
        """Return a token signed by another key under the name of the right one."""
        return jwt.encode({"alg": "RS256", "kid": self.keys[0].kid}, claims, self.new_key(self.keys[0].kid))

    def signed_by_other_algorithm(self, claims: dict[str, Any]) -> str:
        """Return a token that the right key signed by an algorithm that was not agreed."""
        key = RSAKey.import_key({**self.keys[0].as_dict(private=True), "alg": "PS256"})
        return jwt.encode({"alg": "PS256", "kid": key.kid}, claims, key, algorithms=["PS256"])

    def _make_app(self) -> Flask:
        app = Flask("identity_provider")

        @app.get("/authorize")
        def authorize() -> Response:
            asked = request.args.to_dict()
            self.asked.append(asked)
            assert asked["response_type"] == "code"
            assert asked["client_id"] == CLIENT_ID
            assert asked["code_challenge_method"] == "S256"
            code = f"code-{len(self.asked)}"
            self._codes[code] = asked
            return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

        @app.post("/token")
        def token() -> Response:
            asked = self._codes.pop(request.form["code"], None)
            if asked is None or not self._is_right(asked):
                abort(400)
            return jsonify(access_token="accès", token_type="Bearer", expires_in=60, id_token=self.sign(self.change(self._of(asked))))

        @app.get("/keys")
        def keys() -> Response:
            return jsonify(KeySet(self.keys).as_dict(private=False))

        return app

    def _is_right(self, asked: dict[str, str]) -> bool:
        given = request.authorization
        challenge = _encoded(hashlib.sha256(request.form["code_verifier"].encode()).digest())
        known = given is not None and (given.username, given.password) == (CLIENT_ID, CLIENT_SECRET)
        return known and challenge == asked["code_challenge"] and request.form["redirect_uri"] == asked["redirect_uri"]

    def _of(self, asked: dict[str, str]) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims}


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """Give the service, while it is served on the loopback."""
    made = IdentityProvider()
    server = make_server("127.0.0.1", 0, made.app, threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
