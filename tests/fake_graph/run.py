"""Serves the fake platform until it is interrupted, for someone who types on the simulated phone."""

import threading

from fake_graph.page import Page
from fake_graph.server import FakeGraph


def serve(webhook: str, port: int, page: Page) -> None:
    """Serve until an interruption. The phone is at `http://127.0.0.1:{port}/telephone`; nothing is printed.

    Raises:
        OSError: the port is taken.
    """
    with FakeGraph(page, webhook, port=port):
        threading.Event().wait()
