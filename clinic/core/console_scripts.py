"""Console pages that are scripts: they talk to the API and the socket like any client.

Such a page loads nothing from elsewhere and runs nothing that stands in it: its policy refuses
both, so that words of people stay words.
"""

from typing import Any

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

API = "/api/v1/"


def script_page(
    request: HttpRequest, template: str, title: Any, setup: dict[str, Any], **context: Any
) -> HttpResponse:
    """Return a page with its setup as JSON, under a policy that runs only scripts of the house."""
    setup |= {
        "csrf": get_token(request),
        "language": get_language(),
        "login": f"{reverse('admin:login')}?next={request.path}",
    }
    context |= {"title": title, "site_title": site.site_title, "setup": setup}
    response = render(request, template, context)
    response["Content-Security-Policy"] = content_policy(request.get_host())
    return response


def content_policy(host: str) -> str:
    """Return the policy of such a page: nothing but the house's own files and sockets."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' blob:",
            "media-src 'self' blob:",
            f"connect-src 'self' ws://{host} wss://{host}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
