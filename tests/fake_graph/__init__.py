"""A fake of Meta's Messenger Platform, written from Meta's published rules; it says nothing about what Meta really accepts.

    with FakeGraph(Page.example(), webhook="http://127.0.0.1:5005/messenger") as graph:
        marie = graph.person()
        marie.says("Bonjour")          # signed, posted, redelivered until the webhook answers 200
        graph.idle(5)                  # raises TimeoutError when an event is not acknowledged by then
        marie.taps("Financement")      # a quick reply of the newest bubble, or a template button
        assert marie.texts_since(0) and graph.refusals == []

Outbound, below `graph.url` (an operator's `graph_base_url`): `/v25.0/{page id|me}/messages`, `messenger_profile`,
`pass_thread_control`, `take_thread_control`, `release_thread_control`, `thread_owner`, `subscribed_apps`, `/me?fields=id,name`.
Asked of every request: a living version (`VERSIONS`), `Authorization: Bearer`, `appsecret_proof` in the body or the query.
A refusal never quotes what people write: `Refusal.body` has it.

- `graph.refusals` (`Refusal`: rule, status, code, subcode, message, body) and `graph.accepted` (`Accepted`: at, kind, body), in order.
- `graph.person(psid=None) -> Person`: `psid`, `screen` (list of `Shown`: at, by, text, quick_replies, buttons, cards, mid), `seen`,
  `typing`, `quick_replies` (what can be tapped now), `texts_since(n)`, `refuses` (None, or 551 or 230), `owner` (app id, None = idle).
- A person acts: `says(text)`, `taps(title, mid=None, card=None)`, `gets_started(ref=None)`, `asks_ice_breaker(title)`,
  `chooses_menu(title)`, `sends(kind)`, `reacts(emoji)`, `reads()`, `edits(text)`, `refers(ref)`, `opts_in()`;
  what is sent gives its mid, None when a link or a call delivers nothing.
- Others act: `graph.human_replies(person, text)`, `take_control(person)`, `pass_control(person)`, `release_control(person)`,
  `request_control(person)`. While another app owns the thread, events come in `standby`, postbacks without their payload.
- `graph.own_postbacks_reach_us` (False): as Meta's page on `standby` says, the app whose button was tapped gets the postback whole, in
  `messaging`, though another app owns the thread.
- `graph.echoes`, `graph.receipts` (False): also deliver echoes, and delivery events, of what the page sent.
- Delivery: `graph.chaos = Chaos(seed=1, duplicate=0.3, batch=0.3, reorder=0.3)`, `idle(timeout_s)`, `acks` ([(seconds, status)], status 0
  without an answer), `subscribed`, `events` (all that was built), `sign(body)`, `deliver(body, headers=None)`, `verify(token=None)`,
  `deletion_request(user_id, **overrides)`, `webhook` (may be set or changed at any time).
- Faults: `graph.faults.next(error(613), cut(), path="messages")`, `graph.faults.always(latency(2), path="actions")`, `clear()`,
  `release()` (ends the hangs). `path` is "messages" (the default), "actions", "profile", "control" or "any". Faults: `latency(s)`,
  `hang(s=None, accepted=False)`, `reset()` (nothing accepted), `reset_mid_body()` and `cut()` (accepted, the answer is lost),
  `error(code, subcode=None, status=None)`, `server_error(status=500, html=False)`, `invalid_json()`, `error_in_200(code)`.
- The rules: `RULES`, `rule(id)`, `assumed_rules()`; `check_send(body)` and `check_profile(body, get_started=False)` are pure.
- `GET {graph.url}/telephone`: a phone to type on.
"""

from fake_graph.checks import check_profile, check_send
from fake_graph.delivery import Chaos
from fake_graph.faults import Fault, cut, error, error_in_200, hang, invalid_json, latency, reset, reset_mid_body, server_error
from fake_graph.page import INBOX_APP, Page
from fake_graph.refusal import Refusal
from fake_graph.rules import RULES, VERSIONS, Rule, assumed_rules, rule
from fake_graph.screen import Card, Person, Shown
from fake_graph.server import Accepted, FakeGraph

__all__ = [
    "INBOX_APP",
    "RULES",
    "VERSIONS",
    "Accepted",
    "Card",
    "Chaos",
    "FakeGraph",
    "Fault",
    "Page",
    "Person",
    "Refusal",
    "Rule",
    "Shown",
    "assumed_rules",
    "check_profile",
    "check_send",
    "cut",
    "error",
    "error_in_200",
    "hang",
    "invalid_json",
    "latency",
    "reset",
    "reset_mid_body",
    "rule",
    "server_error",
]
