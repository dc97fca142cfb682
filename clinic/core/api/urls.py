"""Addresses of the platform itself, from the root: front page, documents, health."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from clinic.core.api import docs, health

urlpatterns = [
    path("", docs.front, name="front"),
    path("health", health.ready, name="health"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("livez", health.live),
    path("readyz", health.ready),
    path("metrics", health.metrics, name="metrics"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
    path("api/docs/errors/", docs.error_codes, name="error-codes"),
    path("api/redoc/", SpectacularRedocView.as_view(url_name="schema"), name="redoc"),
    path("ws/docs/", docs.socket_page, name="socket-docs"),
    path("ws/docs/asyncapi.yaml", docs.socket_document, name="asyncapi"),
]
