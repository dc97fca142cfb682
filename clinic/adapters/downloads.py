"""Files from outside services: streamed to disk, bounded, from configured hosts alone."""

import time
from collections.abc import Callable

import httpx2

from clinic.adapters.errors import TransientError

MAX_FILE_BYTES = 1024 * 1024 * 1024
TOTAL_SECONDS = 300.0

Sink = Callable[[bytes], object]


# A transparent compression would change what is hashed.
HEADERS = {"Accept-Encoding": "identity"}


def address_at(url: str, allowed: tuple[str, ...]) -> httpx2.URL:
    """Return the address when its scheme, host and port are those of an allowed one.

    Raises TransientError for any other: a message must not send us elsewhere.
    """
    try:
        address = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise TransientError("the file has no address") from error
    known = {_origin(httpx2.URL(host)) for host in allowed}
    if address.userinfo or _origin(address) not in known:
        raise TransientError("the file is at an unexpected host")
    return address


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def download(client: httpx2.Client, request: httpx2.Request, sink: Sink) -> None:
    """Hand the file to the sink piece by piece. Redirects are not followed.

    Raises TransientError when it did not come whole: fetching again is harmless.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    received = 0
    try:
        response = client.send(request, stream=True)
        try:
            if response.status_code != httpx2.codes.OK:
                raise TransientError(f"no file: HTTP {response.status_code}")
            for piece in response.iter_raw():
                received += len(piece)
                if received > MAX_FILE_BYTES or time.monotonic() > deadline:
                    raise TransientError("no file: too long")
                sink(piece)
        finally:
            response.close()
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise TransientError(f"no file: {type(error).__name__}") from error
