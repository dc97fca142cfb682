"""HTTP towards outside services: pooled, no redirects, no proxies from the environment, bounded."""

import logging
import os
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache

import httpx2

from clinic.adapters import clocks
from clinic.adapters.errors import (
    AdapterError,
    NotReachedError,
    TransientError,
    UnknownOutcomeError,
)

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
TOTAL_SECONDS = 10.0
MAX_ANSWER_BYTES = 256 * 1024

# Shorter than the 5 s after which common servers drop idle connections: a request sent into a
# closing connection has an unknown outcome.
KEEPALIVE_SECONDS = 4.0

# At INFO and DEBUG these loggers print whole URLs and headers: phone numbers, signatures.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, kw_only=True)
class HttpAnswer:
    """One complete answer, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes


def new_client(*, verify: ssl.SSLContext | bool = True) -> httpx2.Client:
    """Return a client with the house limits; the caller closes it.

    `verify` may be a context that carries a client certificate.
    """
    return httpx2.Client(
        verify=verify,
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        limits=httpx2.Limits(
            max_connections=32, max_keepalive_connections=16, keepalive_expiry=KEEPALIVE_SECONDS
        ),
        follow_redirects=False,
        trust_env=False,
    )


@lru_cache(maxsize=4)
def _client_of_process(_pid: int) -> httpx2.Client:
    return new_client()


def shared_client() -> httpx2.Client:
    """Return this process's pool. A forked child gets its own: sockets must not be shared."""
    return _client_of_process(os.getpid())


def send(client: httpx2.Client, request: httpx2.Request, *, changes: bool) -> HttpAnswer:
    """Send once and return the whole answer.

    Raises TransientError when nothing was sent or `changes` is false, else UnknownOutcomeError.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        response = client.send(request, stream=True)
        try:
            body = _read(response, deadline, changes=changes)
        finally:
            response.close()
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
        raise NotReachedError(f"not reached: {type(error).__name__}") from error
    except httpx2.PoolTimeout as error:
        raise TransientError("not sent: too many calls at once") from error
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise no_answer(type(error).__name__, changes=changes) from error
    headers = {name.lower(): value for name, value in response.headers.items()}
    clocks.compare(request.url.host, headers)
    return HttpAnswer(status=response.status_code, headers=headers, body=body)


def _read(response: httpx2.Response, deadline: float, *, changes: bool) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES or time.monotonic() > deadline:
            raise no_answer("too long", changes=changes)
    return bytes(body)


def no_answer(reason: str, *, changes: bool, code: str = "") -> AdapterError:
    """Return the error for a call that was sent and not answered in a way to believe."""
    message = f"no believed answer: {reason}"
    if changes:
        return UnknownOutcomeError(message, code=code)
    return TransientError(message, code=code)
