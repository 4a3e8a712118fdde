"""One web process: serve pages and live streams on a socket that the supervisor of `manage.py run` opened."""

import os
import socket
import sys

import uvicorn

GRACE_SECONDS = 5


class Server(uvicorn.Server):
    """A server whose open streams end when it does."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from portal.asgi import close_streams

        close_streams()
        await super().shutdown(sockets)


def serve(listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; requests under way may finish."""
    proxies = os.environ.get("CONCORD_PROXY_ADDRESSES", "")
    config = uvicorn.Config(
        "portal.asgi:application",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config).run(sockets=[listening])


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
