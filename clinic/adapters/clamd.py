"""clamd: the daemon of ClamAV, asked by its INSTREAM command over a Unix or TCP socket."""

import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from clinic.adapters.errors import DefiniteError, TransientError

PIECE_BYTES: Final = 64 * 1024
SECONDS: Final = 20.0  # of waiting for one answer of the network


@dataclass(frozen=True, slots=True)
class ClamdClient:
    """One daemon at ``unix:/path`` or ``host:port``."""

    address: str

    def is_clean(self, data: bytes) -> bool:
        """Say whether nothing was found. Raises TransientError, DefiniteError."""
        try:
            with closing(self._connect()) as link:
                answer = _ask(link, data)
        except OSError as error:
            raise TransientError("clamd_away") from error
        if answer.endswith(b"OK"):
            return True
        if answer.endswith(b"FOUND"):
            return False
        raise DefiniteError("clamd_answer")

    def _connect(self) -> socket.socket:
        kind, _, path = self.address.partition("unix:")
        if path and not kind:
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            link.settimeout(SECONDS)
            link.connect(path)
            return link
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), SECONDS)


def _ask(link: socket.socket, data: bytes) -> bytes:
    link.sendall(b"zINSTREAM\0")
    for start in range(0, len(data), PIECE_BYTES):
        piece = data[start : start + PIECE_BYTES]
        link.sendall(struct.pack(">I", len(piece)) + piece)
    link.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and (more := link.recv(4096)):
        answer += more
    return answer.rstrip(b"\0\n")
