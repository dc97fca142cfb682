"""What Django's signals do before and after each request, in one pass between two of them."""

from django.core.cache import caches, close_caches
from django.core.handlers.base import reset_urlconf
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, reset_queries

from clinic.core.context import end_request


def take_over() -> None:
    """Stop Django's own receivers in this process, for threads that call ``tidy_up`` instead.

    Two signals with five receivers, each looking through all connections and caches again, were a
    seventh of the CPU of a short request. What they do beside ``tidy_up`` has no use here: caches
    keep their lines, and every request names the same addresses.
    """
    for signal in (request_started, request_finished):
        for receiver in (reset_queries, close_old_connections, close_caches, reset_urlconf):
            signal.disconnect(receiver)


def tidy_up() -> None:
    """Close this thread's connections that are broken or too old; the next use asks the others."""
    for line in connections.all(initialized_only=True):
        line.queries_log.clear()
        line.close_if_unusable_or_obsolete()


def close_lines() -> None:
    """Close what a thread that ends still holds: connections to the database and the caches."""
    connections.close_all()
    caches.close_all()


def get_ready() -> None:
    """Make this thread's context one that those of a company can be copies of.

    They share its caches, and so the lines of these; it is no request's own.
    """
    caches.all()
    end_request()
