"""The widgets of others that ours is put beside: their packages, pinned, and the page that their documentation makes.

Their bundles hold what they need, so that the package alone is fetched, by `npm pack`, and never what it depends on.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from bench.sides import WORK

PACKAGES = WORK / "widgets"
# The address that the pages give where the server of a vendor would be: nothing listens there.
NOWHERE = "http://127.0.0.1:4/"


class NotFetched(Exception):
    """A package could not be had; the message says why, for the page."""


@dataclass(frozen=True)
class Peer:
    """A widget of others: its package, the files that its documentation names for a page, and what it writes in that page.

    `head`, `main` and `body` are of that page, where FILES stands for the folder of the package. `launcher` is pressed to open it, none
    when it is always open; `panel` is seen once it is open. `title` tells apart two ways to show one package; `note` is for the page.
    """

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]
    panel: str
    head: str = ""
    main: str = ""
    body: str = ""
    launcher: str | None = None
    title: str = ""
    note: str = ""

    @property
    def shown(self) -> str:
        """Return the name that the page gives it."""
        return f"{self.name} {self.version}{self.title}".strip()

    @property
    def folder(self) -> Path:
        """Return where the package is kept."""
        return PACKAGES / f"{self.name.strip('@').replace('/', '-')}-{self.version}"


DEEP_CHAT = Peer(
    "deep-chat",
    "2.4.2",
    "sha512-wQNd6Z6HDoH7OMeoQKpmxDm9XdWrRjMkBJ2yl5tsYND9Dz2UCv/BdGVM8vK2V0mhO1u+OniHYPWDGvjlNxjCeQ==",
    ("dist/deepChat.bundle.js",),
    head='<script type="module" src="FILES/dist/deepChat.bundle.js"></script>',
    main="<deep-chat></deep-chat>",
    panel="deep-chat #container",
    note="it is always open, and stands in the text of the page; what it says is how to connect it",
)
N8N = Peer(
    "@n8n/chat",
    "1.37.0",
    "sha512-V1EQxDp/+rW6o/5OZgbwDfgPJXG8Jrn3TIdq7Z/26QTP90Uo3g2gv8CMnaQcphdTQVR+K06X34DOCRHXa8Tqnw==",
    ("dist/chat.bundle.es.js", "dist/style.css"),
    head='<link href="FILES/dist/style.css" rel="stylesheet" />',
    body='<script type="module">import { createChat } from "FILES/dist/chat.bundle.es.js"; '
    f'createChat({{ webhookUrl: "{NOWHERE}webhook" }});</script>',
    panel=".chat-layout",
    launcher=".chat-window-toggle",
    note="without its server it shows its greeting, and no field",
)
_RASA_TAG = """<script>!(function () {
  let e = document.createElement("script"), t = document.head || document.getElementsByTagName("head")[0];
  (e.src = "FILES/lib/index.js"), (e.async = !0), (e.onload = () => {
    window.WebChat.default({ customData: { language: "en" }, MORE socketUrl: "NOWHERE" }, null);
  }), t.insertBefore(e, t.firstChild);
})();</script>""".replace("NOWHERE", NOWHERE)
_RASA = (
    "rasa-webchat",
    "1.0.1",
    "sha512-Ld1zVJvTAaTrs6A5p8t70agNNrKYRyXlvqXZRgBoDvKKUXbA0jhJKECi5bdPGlaR6jsmqWtVylHS+YqIqo0x8w==",
    ("lib/index.js",),
)
RASA_WEBCHAT = Peer(
    *_RASA,
    body=_RASA_TAG.replace("MORE ", ""),
    panel=".rw-conversation-container",
    launcher=".rw-launcher",
    note="without its server it shows nothing",
)
# The same one, told not to hide.
RASA_WEBCHAT_SHOWN = Peer(
    *_RASA,
    body=_RASA_TAG.replace("MORE", "withRules: false, hideWhenNotConnected: false,"),
    panel=".rw-conversation-container",
    launcher=".rw-launcher",
    title=", shown",
    note="the same with `withRules: false` and `hideWhenNotConnected: false`, so that it shows without its server",
)
PEERS = (RASA_WEBCHAT, DEEP_CHAT, N8N)


def fetch(peer: Peer) -> None:
    """Have the package of `peer` under var/bench/widgets, unless it is there.

    Raises:
        NotFetched: npm is missing, the registry cannot be reached, or the package is not the one that is pinned.
    """
    if peer.folder.is_dir():
        return
    waiting = PACKAGES / "waiting"
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(parents=True)
    command = ["npm", "pack", "--silent", "--pack-destination", str(waiting), f"{peer.name}@{peer.version}"]
    try:
        subprocess.run(command, cwd=waiting, stdout=subprocess.DEVNULL, check=True)
    except FileNotFoundError as error:
        raise NotFetched("npm is not installed") from error
    except subprocess.CalledProcessError as error:
        raise NotFetched("« npm pack » failed") from error
    archive = next(waiting.glob("*.tgz"))
    if integrity(archive) != peer.integrity:
        raise NotFetched(f"{peer.name} {peer.version} is not the package that is pinned")
    with tarfile.open(archive) as packed:
        packed.extractall(waiting, filter="data")
    (waiting / "package").rename(peer.folder)
    shutil.rmtree(waiting)


def integrity(file: Path) -> str:
    """Return the digest of a file as npm writes it."""
    return f"sha512-{base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode('ascii')}"
