"""Links are visited politely and told apart: alive, moved, dead, failing; never inside the local network, never changing a record."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sites import Site, serving
from sqlalchemy.orm import sessionmaker
from typer.testing import CliRunner

from cli.directory import app
from directory.database import session_scope
from directory.link_visits import MOST_REDIRECTS, USER_AGENT, Manners, anywhere, is_outside, visit
from directory.links import LinkResult, due, forget_unused, keep, last_visits, links_of, uses
from directory.queries import directory_version
from directory.records import load_record, load_records
from directory.revisions import revise

AT_ONCE = Manners(pause_s=0, wait_s=5, admits=anywhere)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def visited(*urls: str, manners: Manners = AT_ONCE) -> dict[str, LinkResult]:
    found: list[LinkResult] = []
    visit(urls, found.append, manners)
    assert sorted(each.url for each in found) == sorted(urls)
    return {each.url: each for each in found}


def one(url: str, manners: Manners = AT_ONCE) -> LinkResult:
    return visited(url, manners=manners)[url]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/ok", "ok", None),
        ("/sans-head", "ok", None),
        ("/enorme", "ok", None),
        ("/404", "dead", "404"),
        ("/410", "dead", "410"),
        ("/500", "failing", "en panne (réponse 500)"),
        ("/418", "failing", "418"),
        ("/403", "guarded", "ouvrez-le vous-même"),
        ("/429", "guarded", "429"),
        ("/charabia", "failing", "n’aboutit pas"),
        ("/vers/301/404", "dead", "404"),
        ("/vers/302/ok", "ok", None),
        ("/vers/301/vers/301/vers/301/ok", "moved", "déménagé"),
        (f"/chaine/{MOST_REDIRECTS}", "moved", "déménagé"),
        (f"/chaine/{MOST_REDIRECTS + 1}", "failing", "renvois de suite"),
    ],
)
def test_what_a_site_answers_is_told_apart(site: Site, path: str, status: str, said: str | None) -> None:
    found = one(site.url(path))
    assert found.status == status
    assert said in found.problem if said else found.problem is None


def test_a_page_that_moved_for_good_says_where(site: Site) -> None:
    assert one(site.url("/vers/301/ok")).final_url == site.url("/ok")
    assert one(site.url("/vers/301/vers/302/ok")).status == "ok"


def test_the_same_page_at_a_better_address_has_not_moved(site: Site) -> None:
    site.elsewhere = site.url("/ailleurs/")
    assert one(site.url("/ailleurs")).status == "ok"


def test_a_ring_of_redirections_is_told(site: Site) -> None:
    site.elsewhere = site.url("/vers/302/ailleurs")
    found = one(site.url("/ailleurs"))
    assert (found.status, found.problem) == ("failing", "le site renvoie en rond")


def test_a_site_that_keeps_silent_or_drips_is_left_in_time(site: Site) -> None:
    hurried = Manners(pause_s=0, wait_s=0.4, admits=anywhere)
    found = visited(site.url("/lent"), site.url("/goutte"), manners=hurried)
    assert {each.status for each in found.values()} == {"failing"}
    assert {each.problem for each in found.values()} == {"pas de réponse en 0.4\u00a0secondes"}


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    with serving(tmp_path / "key.pem") as secure:
        found = one(secure.url("/ok").replace("http:", "https:"))
    assert (found.status, found.problem) == ("failing", "le certificat du site n’est pas valide")


def test_nobody_there_and_no_such_name_are_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    found = visited(f"http://127.0.0.1:{port}/", "http://nowhere.invalid/", "http://[::1/", "http://a..b/", "http://é" + "x" * 70 + ".ca/")
    assert found[f"http://127.0.0.1:{port}/"].problem == "le serveur du site refuse la connexion"
    assert {each.status for each in found.values()} <= {"dead", "failing", "refused"}
    assert not any(each.answered for each in found.values())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_the_local_network_is_not_visited(site: Site, host: str) -> None:
    found = one(site.url("/ok", host), Manners(pause_s=0))
    assert (found.status, found.problem) == ("refused", "l’adresse mène à l’intérieur d’un réseau privé")
    assert site.asked == []


@pytest.mark.parametrize(
    ("number", "outside"),
    [
        *((number, False) for number in ("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1")),
        *((number, False) for number in ("::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1")),
        *((number, False) for number in ("::127.0.0.1", "fec0::1", "64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "168.63.129.16")),
        ("64:ff9b::a83f:8110", False),
        *((number, True) for number in ("142.250.69.100", "2607:f8b0:4020::200e", "64:ff9b::8efa:4564")),
    ],
)
def test_only_the_public_internet_is_outside(number: str, outside: bool) -> None:
    assert is_outside(number) is outside


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:alert(1)", "http://someone@127.0.0.1/", "gopher://a.ca/"])
def test_a_redirection_to_what_is_no_page_is_not_followed(site: Site, target: str) -> None:
    site.elsewhere = target
    assert one(site.url("/ailleurs")).status in ("refused", "failing")
    assert len(site.asked) == 1


def test_a_redirection_into_the_local_network_is_not_followed(site: Site) -> None:
    # 127.0.0.1 stands for a public site, and 127.0.0.2 for the private network.
    site.elsewhere = site.url("/ok", "127.0.0.2")
    found = one(site.url("/ailleurs"), Manners(pause_s=0, admits=lambda number: number == "127.0.0.1"))
    assert (found.status, site.paths()) == ("refused", ["HEAD /ailleurs"])


def test_one_host_is_asked_one_request_at_a_time_spaced(site: Site) -> None:
    visited(*(site.url(f"/page/{n}") for n in range(4)), manners=Manners(at_once=4, pause_s=0.3, wait_s=5, admits=anywhere))
    times = [asked[0] for asked in site.asked]
    assert len(times) == 4
    # Half of the pause: what is spaced here may arrive less so.
    assert min(later - sooner for sooner, later in zip(times, times[1:], strict=False)) >= 0.15


def test_a_visitor_says_who_it_is_and_asks_for_no_more_than_it_needs(site: Site) -> None:
    visited(site.url("/ok"), site.url("/404"), site.url("/sans-head"), manners=Manners(at_once=1, pause_s=0, admits=anywhere))
    assert site.paths() == ["HEAD /ok", "HEAD /404", "GET /404", "HEAD /sans-head", "GET /sans-head"]
    assert {agent for *_, agent in site.asked} == {USER_AGENT}
    assert "Aiguilleur" in USER_AGENT
    assert "http" not in USER_AGENT


def test_the_links_of_a_record_are_all_found() -> None:
    actor = {"contact": {"website": "https://a.ca"}, "source": "HTTP://b.ca", "other_sources": ["https://c.ca", "appel"]}
    assert dict(links_of(actor)) == {"contact.website": "https://a.ca", "source": "HTTP://b.ca", "other_sources": "https://c.ca"}
    assert list(links_of({"source": "appel", "sources": ["https://d.ca"]})) == [("sources", "https://d.ca")]


def test_sites_where_people_are_sent_come_first_with_where_they_are_used(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        found = uses(load_records(session))
    assert list(found)[:2] == ["https://fonds-risq.qc.ca", "http://www.economiesocialemauricie.ca"]
    assert [(use.entity, use.key, use.field) for use in found["https://fonds-risq.qc.ca"]][:2] == [
        ("actor", "risq", "contact.website"),
        ("actor", "risq", "source"),
    ]


def test_what_was_found_is_kept_once_an_address_and_moves_no_version(imported: sessionmaker, site: Site) -> None:
    engine, found = imported.kw["bind"], one(site.url("/404"))
    assert (found.status, found.answered) == ("dead", True)
    with session_scope(imported) as session:
        version, record = directory_version(session), load_records(session)
    for result in (one(site.url("/ok")), found, LinkResult(found.url, found.checked_at, "ok")):
        with engine.begin() as connection:
            keep(connection, result)
    with session_scope(imported) as session:
        assert {url.rpartition("/")[2]: each.status for url, each in last_visits(session).items()} == {"ok": "ok", "404": "ok"}
        assert list(last_visits(session, [site.url("/ok")])) == [site.url("/ok")]
        assert (directory_version(session), load_records(session)) == (version, record)
    with engine.begin() as connection:
        assert due(connection, [site.url("/404"), site.url("/new"), site.url("/ok")], 2) == [site.url("/new"), site.url("/404")]
        forget_unused(connection, [site.url("/ok")])
    with session_scope(imported) as session:
        assert list(last_visits(session)) == [site.url("/ok")]


def use_only(factory: sessionmaker, *urls: str) -> None:
    """Make these the only addresses of the directory."""
    with session_scope(factory) as session:
        for entity, records in load_records(session).items():
            for key, record in records.items():
                plain = {**record, **{name: "appel" for name in ("source",) if record.get("source")}}
                plain |= {"contact": {}} if "contact" in record else {}
                plain |= {name: [] for name in ("other_sources", "sources") if name in record}
                plain |= {"website": None} if "website" in record else {}
                revise(session, "test", entity, key, plain)
        risq = load_record(session, "actor", "risq")
        revise(session, "test", "actor", "risq", {**risq, "contact": {"website": urls[0]}, "other_sources": list(urls[1:])})


@pytest.mark.usefixtures("on_database")
def test_the_command_visits_keeps_and_tells_what_is_broken(imported: sessionmaker, site: Site) -> None:
    # Three names of this machine: each has its own second.
    urls = [site.url("/ok", "127.0.0.1"), site.url("/404", "127.0.0.2"), site.url("/vers/301/ok", "127.0.0.3")]
    use_only(imported, *urls)
    done = CliRunner().invoke(app, ["check-links", "--allow-local"])
    assert done.exit_code == 0, done.output
    assert "Adresses visitées\u00a0: 3 sur 3" in done.stdout
    assert "(Réseau d'investissement social du Québec)" in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("http")]
    assert [line.split()[0] for line in lines] == [urls[1], urls[2]]
    with session_scope(imported) as session:
        assert {url: each.status for url, each in last_visits(session).items()} == dict(zip(urls, ("ok", "dead", "moved"), strict=True))


@pytest.mark.usefixtures("on_database")
def test_the_command_visits_no_more_than_asked_and_the_rest_the_next_time(imported: sessionmaker, site: Site) -> None:
    urls = [site.url("/ok", f"127.0.0.{n}") for n in range(1, 4)]
    use_only(imported, *urls)
    for expected in (urls[:2], urls):
        assert CliRunner().invoke(app, ["check-links", "--allow-local", "--most", "2"]).exit_code == 0
        with session_scope(imported) as session:
            assert sorted(last_visits(session)) == expected


@pytest.mark.usefixtures("on_database")
def test_without_a_network_nothing_is_noted(imported: sessionmaker) -> None:
    use_only(imported, *(f"http://nowhere{n}.invalid/" for n in range(25)))
    failed = CliRunner().invoke(app, ["check-links"])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "accès à Internet" in failed.stderr
    with session_scope(imported) as session:
        assert last_visits(session) == {}


def test_an_interruption_keeps_what_was_found(imported: sessionmaker, database_url: str, site: Site) -> None:
    use_only(imported, site.url("/ok"), site.url("/lent", "127.0.0.2"))
    command = [sys.executable, "-c", "from cli.main import main; main()", "directory", "check-links", "--allow-local"]
    environment = {**os.environ, "AIGUILLEUR_DATABASE_URL": database_url}
    # Where the tests run in the background, their children would not hear a Ctrl-C.
    heard = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **heard) as running:
        wait_until(lambda: "HEAD /lent" in site.paths() and kept(imported), running)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "Adresses visitées\u00a0: 1 sur 2" in out
    assert "ce qui a été vu est noté" in err


def kept(factory: sessionmaker) -> bool:
    with session_scope(factory) as session:
        return bool(last_visits(session))


def wait_until(true: object, running: subprocess.Popen) -> None:
    """Wait until the condition holds, a minute at most."""
    pause = threading.Event()
    end = time.monotonic() + 60
    while not true():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end
        pause.wait(0.1)
