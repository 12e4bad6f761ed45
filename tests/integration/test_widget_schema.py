"""The protocol's OpenAPI file, its page and the server say the same: a fuzzer, the page's examples, the inventory of routes."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import schemathesis
import yaml
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
SEED = 20261128
EXAMPLES = 60
# More than this many requests a run, so that a fuzzer that quietly does nothing is seen.
FEWEST = 300
# What a run sees of each operation, at the least.
REACHED = {
    "POST /conversations": {201, 400},
    "DELETE /conversation": {200, 401},
    "POST /messages": {202, 400, 401, 409},
    "GET /messages": {200, 400, 401},
    "POST /feedback": {200, 400, 401, 404},
    "POST /shares": {400, 401, 404},
    **{f"OPTIONS /{name}": {204} for name in ("conversations", "conversation", "messages", "feedback", "shares")},
}
BASE = "/widget/v1"
# Every address that the server answers, reviewed; a new one is written here by hand.
ROUTES = {
    "GET /",
    "GET /health",
    "GET /demo/autre.css",
    "GET /demo/autre.html",
    "GET /demo/demo.css",
    "GET /demo/demo.js",
    "GET /demo/icone.svg",
    "GET /demo/index.html",
    "GET /partage/<name:[A-Za-z0-9_-]+>",
    "GET /partage/partage.css",
    *(f"GET /widget/{name}.js" for name in "conversation dom messages panel parts texts texts-en widget".split()),
    "GET /widget/widget.css",
    "POST /widget/v1/conversations",
    "DELETE /widget/v1/conversation",
    "GET /widget/v1/messages",
    "POST /widget/v1/messages",
    "POST /widget/v1/feedback",
    "POST /widget/v1/shares",
    *(f"OPTIONS /widget/v1/{name}" for name in ("conversations", "conversation", "messages", "feedback", "shares")),
}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The OpenAPI file, read."""
    return yaml.safe_load((DOCS / "widget-protocol.openapi.yaml").read_text(encoding="utf-8"))


# --- The fuzzer -------------------------------------------------------------------------------------------------------------------


class Fuzzed(NamedTuple):
    """What a run of the fuzzer did: the statuses by operation, and the breaches that it saw."""

    answered: dict[str, set[int]]
    requests: int
    breaches: list[str]


def _fuzz(web: Any, described: dict[str, Any], only: str = "", examples: int = EXAMPLES) -> Fuzzed:
    """Return what comes of data that the file allows and forbids, sent to the live server."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "base-url": f"{web.url}{BASE}",
            "workers": 1,
            "request-timeout": 20,
            # No connection outlives the run.
            "headers": {"Connection": "close"},
            "continue-on-failure": True,
            "generation": {"mode": "all", "max-examples": examples, "deterministic": True, "database": "none"},
            "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
            "phases": {"examples": {"enabled": False}, "stateful": {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_dict(described, config=config)
    schema.auth(refresh_interval=None)(_holding(web))
    return _outcome(from_schema(schema.include(path_regex=only) if only else schema).execute())


def _holding(web: Any) -> type:
    """Return what gives each request a good token: that of a conversation with cards, or a new one where it would not last."""
    lasting = _with_cards(web)

    class Holding:
        def get(self, case: Any, _context: Any) -> str:
            return web.begin() if case.path in ("/conversation", "/messages") and case.method != "GET" else lasting

        def set(self, case: Any, token: str, _context: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
            # There is always something above 0, so no answer is held.
            if case.method == "GET" and str((case.query or {}).get("wait", "")).isdigit():
                case.query = {**case.query, "after": 0}

    return Holding


def _with_cards(web: Any) -> str:
    token = web.begin()
    web.say(token, text="on est un obnl en démarrage à Rimouski, on cherche du financement")
    assert any(each["cards"] for each in web.say(token, text="50 000"))
    return token


def _outcome(stream: Iterator[Any]) -> Fuzzed:
    answered: dict[str, set[int]] = {}
    requests, breaches = 0, []
    for event in stream:
        if isinstance(event, events.NonFatalError):
            breaches.append(f"{event.label}: {event.value!r}")
        if isinstance(event, events.FatalError):
            breaches.append(repr(event.exception))
        if isinstance(event, events.ScenarioFinished):
            recorder = event.recorder
            responses = [each.response for each in recorder.interactions.values()]
            requests += len(responses)
            answered.setdefault(recorder.label, set()).update(each.status_code for each in responses if each is not None)
            breaches += [
                f"{recorder.label}: {check.name}: {check.failure_info.failure} {check.failure_info.code_sample}"
                for checks in recorder.checks.values()
                for check in checks
                if check.failure_info is not None
            ]
    return Fuzzed(answered, requests, breaches)


def test_whatever_is_sent_gets_an_answer_that_the_file_describes(web, described):
    fuzzed = _fuzz(web, described)
    assert fuzzed.breaches == []
    assert fuzzed.requests > FEWEST
    # The run reached both what the file allows and what it forbids, of each operation.
    assert {label: sorted(REACHED[label] - statuses) for label, statuses in fuzzed.answered.items() if REACHED[label] - statuses} == {}
    assert set(fuzzed.answered) == set(REACHED)


@pytest.mark.parametrize(
    ("path", "names", "broken", "seen"),
    [
        ("/feedback", ("components", "schemas", "Judged", "properties", "feedback"), {"type": "integer"}, "response_schema_conformance"),
        ("/conversations", ("components", "schemas", "Begun", "properties", "keep"), False, "response_schema_conformance"),
        ("/conversation$", ("paths", "/conversation", "delete", "responses", "401"), None, "status_code_conformance"),
        ("/shares", ("components", "responses", "NotFound", "content"), {"text/html": {}}, "content_type_conformance"),
    ],
)
def test_the_fuzzer_sees_a_breach(web, described, path, names, broken, seen):
    wrong = copy.deepcopy(described)
    *way, last = names
    place = wrong
    for name in way:
        place = place[name]
    if broken is None:
        del place[last]
    else:
        place[last] = broken
    breaches = _fuzz(web, wrong, path, 5).breaches
    assert breaches
    assert all(seen in breach for breach in breaches), breaches


# --- The examples of the page -----------------------------------------------------------------------------------------------------

_SECTION = re.compile(r"^## ", re.MULTILINE)
_REQUEST_LINE = re.compile(r"^(GET|POST|DELETE) /widget/v1(/\w+)\S*$")
# « 201, `{…}` » within a sentence.
_INLINE = re.compile(r"(\d{3}), `(\{.*?\})`")
# What the page shortens with « … ».
_SHORTENED = {
    "token": "W10." + "a" * 40,
    "expires_at": "2027-02-26T15:00:00Z",
    "at": "2026-11-28T15:00:00Z",
    "id": "k3Vn0aQx",
    "url": "https://HOST/partage/abcdefghijklmnopqrstuv",
}


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON objects of a block, which follow one another."""
    decoder, rest = json.JSONDecoder(), text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        yield value
        rest = rest[end:].strip()


def _whole(value: Any, name: str = "") -> Any:
    """Return an example with what the page shortens written out."""
    if isinstance(value, dict):
        return {key: _whole(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return _SHORTENED[name] if name in _SHORTENED and isinstance(value, str) and value.endswith("…") else value


def _examples() -> list[tuple[str, str, str, Any]]:
    """Return the page's examples: method, path, status (or « request », or a schema's name) and the object."""
    found: list[tuple[str, str, str, Any]] = []
    for section in _SECTION.split((DOCS / "widget-protocol.md").read_text(encoding="utf-8")):
        method = path = ""
        for kind, block in re.findall(r"^```(\w+)\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            first, _, rest = block.partition("\n")
            if line := _REQUEST_LINE.match(first):
                method, path = line.groups()
                found += [(method, path, "request", each) for each in _objects(rest)]
            elif first.isdigit():
                found += [(method, path, first, each) for each in _objects(rest)]
            else:
                assert kind == "json"
                found += [("", "", "Error" if "error" in each else "Card", each) for each in _objects(block)]
        found += [(method, path, status, json.loads(text)) for status, text in _INLINE.findall(section)]
    return found


@pytest.fixture(scope="module")
def faults(described: dict[str, Any]) -> Callable[[dict[str, Any], Any], list[str]]:
    """What a value has against a schema of the file."""

    def of(schema: dict[str, Any], value: Any) -> list[str]:
        whole = {"allOf": [schema], "components": described["components"]}
        return [f"{error.json_path}: {error.message}" for error in jsonschema.Draft202012Validator(whole).iter_errors(value)]

    return of


def _schema_of(described: dict[str, Any], method: str, path: str, part: str) -> dict[str, Any]:
    if not method:
        return {"$ref": f"#/components/schemas/{part}"}
    operation = described["paths"][path][method.lower()]
    told = operation["requestBody"] if part == "request" else operation["responses"][part]
    return told["content"]["application/json"]["schema"]


def test_the_page_has_the_examples_of_every_operation(described):
    operations = {(method.upper(), path) for path, item in described["paths"].items() for method in item if method != "options"}
    assert {(method, path) for method, path, _, _ in _examples() if method} == operations
    assert len(_examples()) > 12


@pytest.mark.parametrize(("method", "path", "part", "example"), [pytest.param(*each, id=" ".join(each[:3])) for each in _examples()])
def test_an_example_of_the_page_is_as_the_file_says(described, faults, method, path, part, example):
    assert faults(_schema_of(described, method, path, part), _whole(example)) == []


def test_the_codes_of_the_page_are_those_of_the_file(described):
    page = (DOCS / "widget-protocol.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d{3}) \| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)
    codes = [code for _, names in rows for code in re.findall(r"\w+", names)]
    assert sorted(codes) == sorted(described["components"]["schemas"]["Code"]["enum"])
    documented = {status for item in described["paths"].values() for each in item.values() for status in each["responses"]}
    assert {status for status, _ in rows} - {"405"} == {status for status in documented if status >= "400"}


@pytest.mark.parametrize(("method", "path", "schema"), [("PUT", "/messages", "BadMethod"), ("GET", "/nothing", "NotFound")])
def test_what_the_file_does_not_name_is_refused_as_it_says(web, faults, method, path, schema):
    answer = web.client.request(method, f"{BASE}{path}")
    assert answer.status_code == (405 if schema == "BadMethod" else 404)
    assert faults({"$ref": f"#/components/schemas/{schema}"}, answer.json()) == []


# --- The routes -------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def routes(web: Any) -> set[str]:
    """The addresses that the server answers, with their methods."""
    return {f"{method} /{route.path.lstrip('/')}" for route in web.app.router.routes for method in route.methods}


def test_every_route_of_the_protocol_is_in_the_file_and_conversely(described, routes):
    told = {f"{method.upper()} {BASE}{path}" for path, item in described["paths"].items() for method in item}
    assert {route for route in routes if f" {BASE}" in route} == told


def test_the_server_answers_no_address_that_was_not_reviewed(routes):
    assert sorted(routes) == sorted(ROUTES)
