"""A client of the API like any other: HTTP, one socket, tokens. No rooms are imported here."""

import json
import uuid
from typing import Any

import httpx2
import websockets
from websockets.asyncio.client import ClientConnection


class ApiError(Exception):
    """A problem document that the demo did not expect."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        """Keep status and document; the text names the code."""
        super().__init__(f"{status} {problem.get('code', '?')}: {problem.get('detail', '')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """Stable code of the problem."""
        return str(self.problem.get("code", ""))


class ApiClient:
    """One device of one person: keeps tokens, repeats lost requests with the same key."""

    def __init__(self, http: httpx2.AsyncClient, device: str) -> None:
        """Share the connection pool; log in later."""
        self.http = http
        self.device = device
        self.tokens: dict[str, Any] = {}

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None
    ) -> dict[str, Any]:
        """Send one request below /api/v1/ and return its JSON. Raises ApiError."""
        headers = {"Accept-Language": "zh-CN"}
        if self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        answer = await self.http.request(method, f"/api/v1/{path}", json=body, headers=headers)
        document = answer.json() if answer.content else {}
        if answer.status_code >= 400:
            raise ApiError(answer.status_code, document)
        return dict(document)

    async def socket(self, url: str) -> ClientConnection:
        """Open the device's socket with the access token in the subprotocol."""
        subprotocols = ["clinic.v1", f"bearer.{self.tokens['access_token']}"]
        return await websockets.connect(
            url, subprotocols=[websockets.Subprotocol(name) for name in subprotocols]
        )


def frame(kind: str, **fields: Any) -> str:
    """Return one socket frame as text."""
    return json.dumps({"t": kind, **fields}, ensure_ascii=False)
