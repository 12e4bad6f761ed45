"""What travels to the action server, and back: the conversation, never the domain; nothing that Rasa would not take."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ANSWERS = (
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "place", "value": ["10043"]}, {"event": "active_loop"}], "responses": []},
    {"events": [{"event": "slot", "name": "place"}]},
    {"events": [{"event": "slot", "value": 3}]},
    {"events": [{"event": "no such kind"}]},
    {"events": [{"name": "place"}]},
    {"events": [{"event": "followup", "name": "action_listen"}]},
    {"events": [{"event": "action", "name": 3}]},
    {"events": [{"event": ["slot"]}]},
    {"events": {}},
    {"responses": [3]},
    {"events": [{"event": "user", "parse_data": {"intent_ranking": 3}}]},
)


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_the_quick_check_of_an_answer_takes_what_rasa_takes_and_refuses_what_it_refuses(answer):
    from bot.engine import action_result_check

    import fastjsonschema
    import jsonschema
    from rasa.core.actions.action import RemoteAction

    rasa_takes = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec()).is_valid(answer)
    try:
        action_result_check()(answer)
    except fastjsonschema.JsonSchemaException:
        assert not rasa_takes
    else:
        assert rasa_takes


def test_no_call_of_an_action_carries_the_domain(assistant, person, monkeypatch):
    from rasa.utils.endpoints import EndpointConfig

    bodies, inner = [], EndpointConfig.request

    async def spy(endpoint, *args, **kwargs):
        bodies.append(kwargs["json"])
        return await inner(endpoint, *args, **kwargs)

    monkeypatch.setattr(EndpointConfig, "request", spy)
    person.say("what travels", "jusqu'où le RISQ embarque dans un prêt?")
    person.say("what travels", "à Rimouski, du financement pour nous autres, ça se trouve où")
    assert len(bodies) >= 2
    assert all("domain" not in body and body["tracker"]["slots"] for body in bodies)


def test_what_we_log_goes_to_standard_error_as_json_alone_goes_to_standard_output():
    said = "logging.getLogger('bot.assistant').error('a turn failed'); logging.getLogger('bot.channels.x').warning('a secret is wrong')"
    code = f"import bot.engine, logging; {said}"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    assert ran.stdout == ""
    assert "a turn failed" in ran.stderr
    assert "a secret is wrong" in ran.stderr
