"""The gateway as an ASGI application: reads requests, chooses the protocol, sends answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from clinic.embedded.simulator import aliyun, control, pages, wechat, wechat_mini
from clinic.embedded.simulator.alipay import bills as alipay_bills
from clinic.embedded.simulator.alipay import gateway as alipay
from clinic.embedded.simulator.delivery import Deliverer
from clinic.embedded.simulator.model import GatewayRefusal
from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.wechat_v2 import gateway as wechat_v2
from clinic.embedded.simulator.wire import MAX_BODY_BYTES, Answer, Request, json_answer

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]


def simulator_app(state: SimulatorState) -> AsgiApp:
    """Return the application of one gateway; its deliverer lives as long as the lifespan."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(state, receive, send)
        elif scope["type"] == "http":
            await _serve(state, scope, receive, send)

    return app


async def _live(state: SimulatorState, receive: Receive, send: Send) -> None:
    await receive()
    deliverer = asyncio.create_task(Deliverer(state).run())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    deliverer.cancel()
    with suppress(asyncio.CancelledError):
        await deliverer
    await send({"type": "lifespan.shutdown.complete"})


async def _serve(state: SimulatorState, scope: Message, receive: Receive, send: Send) -> None:
    request = await _request(scope, receive)
    try:
        answer = _answer(state, request)
    except Exception:  # edge of the server: one bad request must not end it
        logger.exception("A request failed")
        answer = json_answer(500, {"code": "SYSTEM_ERROR", "message": "系统错误"})
    if answer.delay_seconds:
        await asyncio.sleep(answer.delay_seconds)
    await _send(answer, send)


def _answer(state: SimulatorState, request: Request) -> Answer:
    if len(request.body) > MAX_BODY_BYTES:
        return json_answer(413, {"code": "PARAM_ERROR", "message": "请求体过大"})
    if request.path.startswith("/v3/"):
        return wechat.answer(state, request)
    if request.path in wechat_v2.PATHS:
        return wechat_v2.answer(state, request)
    if request.path == "/gateway.do":
        return alipay.answer(state, request)
    if request.path == "/alipay-bill":
        return _alipay_bill(state, request)
    if request.path in wechat_mini.PATHS:
        return wechat_mini.answer(state, request)
    if request.path == "/" and "x-acs-action" in request.headers:
        return aliyun.answer(state, request)
    if request.path.startswith("/control/"):
        return control.answer(state, request)
    if request.path == "/healthz":
        return json_answer(200, {"status": "ok"})
    return pages.answer(state, request)


def _alipay_bill(state: SimulatorState, request: Request) -> Answer:
    try:
        return alipay_bills.file(state, request)
    except GatewayRefusal as refusal:
        return json_answer(refusal.status, {"code": refusal.code, "message": refusal.message})


async def _request(scope: Message, receive: Receive) -> Request:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        is_over = len(body) > MAX_BODY_BYTES or message["type"] == "http.disconnect"
        if is_over or not message.get("more_body"):
            break
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=bytes(body),
        client=client[0] if client else "",
        is_secured=scope.get("scheme") == "https",
    )


async def _send(answer: Answer, send: Send) -> None:
    # A broken-off answer promises more bytes than it sends; the server then cuts the connection.
    length = len(answer.body) + (10 if answer.is_reset else 0)
    headers = [(name.encode("latin-1"), v.encode("latin-1")) for name, v in answer.headers.items()]
    if answer.status != 204 or answer.is_reset:
        headers.append((b"content-length", str(length).encode()))
    status = 200 if answer.is_reset and answer.status == 204 else answer.status
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = answer.body[: len(answer.body) // 2] if answer.is_reset else answer.body
    await send({"type": "http.response.body", "body": body, "more_body": answer.is_reset})
