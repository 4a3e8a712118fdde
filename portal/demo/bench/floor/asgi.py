"""The floor behind the same server as the portal: WSGI in a pool of threads, under uvicorn."""

import os
import socket
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.demo.bench.floor.settings"

import uvicorn
from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

THREADS = int(os.environ.get("CONCORD_THREADS") or 8)

application = WSGIMiddleware(get_wsgi_application(), workers=THREADS)  # type: ignore[arg-type]  # a response is an iterable of bytes

if __name__ == "__main__":
    config = uvicorn.Config(application, lifespan="off", access_log=False, log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
