"""From the text of a frame to its command and its answer."""

import logging
from typing import Any

import orjson
from django.utils.translation import override

from clinic.core.api.problems import ServerError, as_clinic_error
from clinic.core.errors import ClinicError
from clinic.realtime.errors import BadFrameError
from clinic.realtime.registry import COMMANDS, Answer, SocketCommand
from clinic.realtime.socket import Socket

log = logging.getLogger(__name__)


async def dispatch(socket: Socket, text: str | None) -> None:
    """Do what a frame asks and answer it; whatever goes wrong becomes an ``err`` frame."""
    frame_id: Any = None
    try:
        frame = _parse(text)
        frame_id = _id_of(frame)
        command = _command_of(frame)
        answer = await _run(socket, command, frame)
    except Exception as error:  # noqa: BLE001 the edge of the socket: nothing may end it
        _refuse(socket, error, frame_id)
    else:
        _answer(socket, answer, frame_id)


def _parse(text: str | None) -> dict[str, Any]:
    try:
        frame = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        raise BadFrameError from None
    if type(frame) is not dict:
        raise BadFrameError
    return frame


def _id_of(frame: dict[str, Any]) -> Any:
    frame_id = frame.get("id")
    if frame_id is None or (type(frame_id) is int and abs(frame_id) < 2**53):
        return frame_id
    if type(frame_id) is str and 0 < len(frame_id) <= 64:
        return frame_id
    raise BadFrameError("id")


def _command_of(frame: dict[str, Any]) -> SocketCommand:
    name = frame.get("t")
    command = COMMANDS.get(name) if type(name) is str else None
    if command is None:
        raise BadFrameError("t")
    return command


async def _run(socket: Socket, command: SocketCommand, frame: dict[str, Any]) -> Answer:
    try:
        values = command.read(frame)
    except ValueError as error:
        raise BadFrameError(str(error)) from None
    command.check(socket)
    return await command.run(socket, values)


def _answer(socket: Socket, answer: Answer, frame_id: Any) -> None:
    if answer is None and frame_id is None:
        return
    frame = {"t": "ok"} | (answer or {})
    if frame_id is not None:
        frame["id"] = frame_id
    socket.write_frame(frame)


def _refuse(socket: Socket, error: Exception, frame_id: Any) -> None:
    problem = as_clinic_error(error)
    if problem is None:
        log.error("frame failed", exc_info=error)
        problem = ServerError()
    socket.write_frame(_error_frame(socket, problem, frame_id))
    if isinstance(problem, BadFrameError):
        socket.note_bad_frame()


def _error_frame(socket: Socket, problem: ClinicError, frame_id: Any) -> dict[str, Any]:
    with override(socket.language):
        frame = {"t": "err", "code": problem.code, "msg": problem.detail, "fatal": False}
    return frame | {"id": frame_id} | problem.extra
