"""The address of the server itself, as those who visit it write it."""

from sanic.request import Request


def own_address(request: Request) -> str:
    """Return the server's own address, without a slash at its end; a proxy that stands in front may have spoken https."""
    proxied = request.app.config.PROXIES_COUNT and request.headers.get("X-Forwarded-Proto") == "https"
    return f"{'https' if proxied else request.scheme}://{request.host}"
