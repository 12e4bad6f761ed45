"""Visit web addresses politely: one request a second a host, a few at once, never inside the local network.

The name is looked up first and the connection goes to the address that was looked at, so that no name can lead inside between the two.
"""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import urljoin, urlsplit

import httpx

from directory.links import LinkResult

USER_AGENT = "Aiguilleur-verification-des-liens/1.0 (annuaire de l'economie sociale; une requete par seconde)"
MOST_REDIRECTS = 5
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)
# Answers to robots; the page may well be there for people.
GUARDED = (401, 403, 405, 406, 429, 999)
GONE = (404, 410)
# The part of IPv6 where public addresses are given out.
GIVEN_OUT = ipaddress.ip_network("2000::/3")
# Public by its number; a cloud answers there from inside.
INSIDE_CLOUDS = (ipaddress.ip_address("168.63.129.16"),)


def is_outside(number: str) -> bool:
    """Return whether an IP address is one of the public Internet."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_outside(str(inner))
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return is_outside(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address not in GIVEN_OUT:
            return False
    if address in INSIDE_CLOUDS:
        return False
    return address.is_global and not address.is_multicast


def anywhere(_number: str) -> bool:
    """Return that any IP address may be visited, those of a private network included."""
    return True


@dataclass(frozen=True)
class Manners:
    """How to visit. `wait_s` bounds one request as a whole, its body left unread; `pause_s` lies between two requests to one host.

    `admits` says which IP addresses may be visited.
    """

    at_once: int = 8
    pause_s: float = 1.0
    wait_s: float = 15.0
    admits: Callable[[str], bool] = is_outside


class _NotVisited(Exception):
    """The address may not be visited: it leads into the local network, or is no web address."""


class _NoSuchHost(Exception):
    """The name of the host leads nowhere."""


@dataclass
class _Hosts:
    """One request at a time a host, spaced."""

    pause_s: float
    locks: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    last: dict[str, float] = field(default_factory=dict)

    async def turn(self, host: str) -> None:
        """Wait until this host may be asked again."""
        async with self.locks[host]:
            wait = self.last.get(host, -self.pause_s) + self.pause_s - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            self.last[host] = time.monotonic()


def visit(addresses: Sequence[str], found: Callable[[LinkResult], None], manners: Manners = Manners()) -> None:
    """Visit each address and hand what was found to `found`, as it comes. Interrupted (Ctrl-C), what was handed stays handed."""
    asyncio.run(_visit_all(addresses, found, manners))


async def _visit_all(addresses: Sequence[str], found: Callable[[LinkResult], None], manners: Manners) -> None:
    waiting, hosts = _spread(addresses), _Hosts(manners.pause_s)
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, headers={"User-Agent": USER_AGENT}) as client:

        async def work() -> None:
            while waiting:
                url = waiting.pop(0)
                found(await _Visit(client, hosts, manners).result(url))

        await asyncio.gather(*(work() for _ in range(manners.at_once)))


def _spread(addresses: Sequence[str]) -> list[str]:
    """Return the addresses with those of one host apart, so that nobody waits for a host while others are free."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in addresses:
        by_host[url.split("/")[2].lower()].append(url)
    turns = [(at, host, url) for host, urls in by_host.items() for at, url in enumerate(urls)]
    return [url for _, _, url in sorted(turns, key=lambda turn: turn[0])]


@dataclass
class _Visit:
    """The visit of one address."""

    client: httpx.AsyncClient
    hosts: _Hosts
    manners: Manners

    async def result(self, url: str) -> LinkResult:
        try:
            status, problem, final = await self._follow(url)
        except _NotVisited as error:
            return _found(url, "refused", str(error))
        except _NoSuchHost:
            return _found(url, "dead", "le nom du site n’existe plus")
        except (asyncio.TimeoutError, httpx.TimeoutException):
            return _found(url, "failing", f"pas de réponse en {self.manners.wait_s:g}\u00a0secondes")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return _found(url, "failing", _told(error))
        return LinkResult(url, datetime.now(timezone.utc), status, problem, final)

    async def _follow(self, url: str) -> tuple[str, str | None, str | None]:
        """Return (status, problem, where it leads) after at most MOST_REDIRECTS redirections."""
        address, permanent, been = url, True, {url}
        for _ in range(MOST_REDIRECTS + 1):
            code, location = await self._ask(address)
            if code not in REDIRECTS or not location:
                return _judged(code, url, address, permanent)
            address, permanent = urljoin(address, location), permanent and code in PERMANENT
            if address in been:
                return "failing", "le site renvoie en rond", None
            been.add(address)
        return "failing", f"plus de {MOST_REDIRECTS} renvois de suite", None

    async def _ask(self, url: str) -> tuple[int, str]:
        """Return the code and the redirection of a page: asked by HEAD, then by GET where the site wants it otherwise."""
        code, location = await self._request("HEAD", url)
        return await self._request("GET", url) if code >= 400 else (code, location)

    async def _request(self, method: str, url: str) -> tuple[int, str]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise _NotVisited("ce n’est pas une adresse que l’on peut suivre")
        await self.hosts.turn(parts.hostname)
        return await asyncio.wait_for(self._send(method, url), self.manners.wait_s)

    async def _send(self, method: str, url: str) -> tuple[int, str]:
        target = httpx.URL(url)
        reached = target.copy_with(host=await self._address(target))
        request = self.client.build_request(method, reached, headers={"Host": target.netloc.decode("ascii")})
        request.extensions["sni_hostname"] = target.raw_host.decode("ascii")
        answer = await self.client.send(request, stream=True)
        await answer.aclose()
        return answer.status_code, answer.headers.get("location", "")

    async def _address(self, target: httpx.URL) -> str:
        """Return the number that the name of the host leads to; all that it leads to must be outside."""
        port = target.port or (443 if target.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(target.raw_host.decode("ascii").strip("[]"), port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise _NoSuchHost from error
        except socket.gaierror as error:
            # Only « there is no such name » is about the site: the rest is our own network.
            raise (_NoSuchHost if error.errno == socket.EAI_NONAME else OSError) from error
        numbers = [each[4][0] for each in found]
        if not all(self.manners.admits(number) for number in numbers):
            raise _NotVisited("l’adresse mène à l’intérieur d’un réseau privé")
        return numbers[0]


def _found(url: str, status: str, problem: str) -> LinkResult:
    return LinkResult(url, datetime.now(timezone.utc), status, problem, answered=False)


def _judged(code: int, asked: str, reached: str, permanent: bool) -> tuple[str, str | None, str | None]:
    """Return what a final answer means."""
    final = None if reached == asked else reached
    if code in GONE:
        return "dead", f"la page n’existe plus (réponse {code})", final
    if code in GUARDED:
        return "guarded", f"le site refuse les visites automatiques (réponse {code})\u00a0: ouvrez-le vous-même", final
    if code >= 400 or code < 200:
        return "failing", f"le site est en panne (réponse {code})" if code >= 500 else f"la page ne s’ouvre pas (réponse {code})", final
    if final is not None and permanent and not _same_page(asked, final):
        return "moved", "la page a déménagé pour de bon", final
    return "ok", None, final


def _same_page(asked: str, final: str) -> bool:
    """Return whether two addresses are one page for people: http or https, with or without « www. » and the last « / »."""
    plain = [url.partition("://")[2].lower().removeprefix("www.").rstrip("/") for url in (asked, final)]
    return plain[0] == plain[1]


def _told(error: Exception) -> str:
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "le certificat du site n’est pas valide"
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        return "le serveur du site refuse la connexion"
    return "la connexion au site n’aboutit pas"
