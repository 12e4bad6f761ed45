"""The action server: rasa_sdk's executor behind a small HTTP server on the loopback, with a shared secret."""

import hmac
import logging
import os
import sys

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic, response
from sanic.request import Request

logger = logging.getLogger(__name__)
MAX_BODY_BYTES = 2_000_000


def make_app(secret: str) -> Sanic:
    """Return the server: POST /webhook runs an action, GET /health answers 200. No detail of a failure leaves it."""
    app = Sanic("aiguilleur_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.ACCESS_LOG = False
    # Longer than the assistant keeps an idle connection (bot/action_endpoint.py): we never hang up first.
    app.config.KEEP_ALIVE_TIMEOUT = 75
    executor = ActionExecutor()
    executor.register_package("actions")

    @app.get("/health")
    async def health(_request: Request):
        return response.json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request):
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode("utf-8", "replace"), f"Bearer {secret}".encode()):
            return response.json({"error": "unauthorized"}, status=401)
        try:
            return response.json(await executor.run(request.json))
        except ActionExecutionRejection as error:
            return response.json({"error": "rejected", "action_name": error.action_name}, status=400)
        except ActionNotFoundException as error:
            return response.json({"error": "unknown action", "action_name": error.action_name}, status=404)
        except Exception as error:  # noqa: BLE001 - the request holds the conversation: only the class is logged
            logger.error("an action failed with %s", type(error).__name__)
            return response.json({"error": "failed"}, status=500)

    return app


def main() -> None:
    """Serve on the port given as argument until told to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    make_app(os.environ["AIGUILLEUR_ACTION_SERVER_SECRET"]).run(host="127.0.0.1", port=int(sys.argv[1]), motd=False, access_log=False)


if __name__ == "__main__":
    main()
