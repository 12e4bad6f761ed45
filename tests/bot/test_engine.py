"""What travels to the action server: the conversation, never the domain."""


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
