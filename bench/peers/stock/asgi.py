"""The application as the tutorial wires it."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peers.stock.settings")
http = get_asgi_application()

from bench.peers.stock.consumers import ChatConsumer  # noqa: E402 needs Django set up

sockets = URLRouter([path("ws/chat/<room>/", ChatConsumer.as_asgi())])
application = ProtocolTypeRouter({"http": http, "websocket": sockets})
