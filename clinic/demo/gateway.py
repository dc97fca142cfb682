"""The demo's hand on the gateway simulator: read a code, pay, make things go wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2


class Gateway:
    """Control calls of the simulator."""

    def __init__(self, http: httpx2.AsyncClient, token: str) -> None:
        """Use a client whose base address is the simulator's."""
        self._http = http
        self._headers = {"X-Control-Token": token}
        self._faults: list[str] = []

    async def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Send one control call and return its JSON. Raises httpx2.HTTPStatusError."""
        answer = await self._http.request(
            method, f"/control/{path}", json=body, headers=self._headers
        )
        answer.raise_for_status()
        return dict(answer.json())

    async def code_for(self, phone: str) -> str:
        """Return the newest one-time code that was sent to a phone; empty when there is none."""
        found = await self.call("GET", f"sms?phone={phone}")
        digits = "".join(c for c in str(found["messages"][:1]) if c.isdigit() or c == '"')
        return next((part for part in digits.split('"') if len(part) == 6), "")

    async def number_of(self, code_url: str) -> str:
        """Return the trade number behind a payment QR code."""
        orders = (await self.call("GET", "orders?limit=300"))["orders"]
        return next(str(row["out_trade_no"]) for row in orders if row["code_url"] == code_url)

    async def pay(self, number: str) -> None:
        """Pay as the person with the phone would."""
        await self.call("POST", f"orders/{number}/pay", {})

    async def disturb(self, number: str, kind: str, value: int) -> None:
        """Make the notices of one order come late, twice or not at all."""
        fault = {"kind": kind, "out_trade_no": number, "value": value}
        self._faults.append(str((await self.call("POST", "faults", fault))["id"]))

    @asynccontextmanager
    async def hurried(self, factor: int) -> AsyncIterator[None]:
        """Divide every wait of the simulator by a factor, then leave it as it was found."""
        before = (await self.call("GET", "settings"))["time_factor"]
        await self.call("POST", "settings", {"time_factor": factor})
        try:
            yield
        finally:
            await self.call("POST", "settings", {"time_factor": before})
            for fault in self._faults:
                await self.call("DELETE", f"faults/{fault}")
