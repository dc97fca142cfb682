"""The process that loads the clinic once; the others of `up` are forks of it (decision 23).

It listens on the socket whose number is its argument. A request names a command line and brings
the pipe of its output; the answers tell the pid of the fork and, later, the code it ended with.
It has no thread and no connection to anything, for neither survives a fork.
"""

import ctypes
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import warnings
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from clinic.embedded.forks import MESSAGE_BYTES

# What the commands load beside the rooms, also later. Not clinic.asgi, which starts threads.
COMMANDS = (
    *("celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.concurrency.thread"),
    *("celery.worker.components", "celery.worker.consumer", "celery.worker.strategy"),
    *("celery.app.log", "celery.app.amqp", "celery.app.control", "celery.app.events"),
    *("celery.backends.base", "celery.events.receiver", "celery.worker.autoscale"),
    *("celery.worker.consumer.delayed_delivery", "billiard.pool", "kombu.mixins"),
    *("kombu.transport.redis", "django_celery_beat.schedulers", "multiprocessing.popen_fork"),
    *("httpcore2._api", "httpcore2._backends.auto", "h2.connection", "uvicorn.loops.uvloop"),
    *("uvicorn.main", "uvicorn.loops.auto", "uvicorn.protocols.http.auto"),
    *("uvicorn.protocols.websockets.auto", "uvicorn.lifespan.on"),
    *("clinic.core.wsgi_bridge", "clinic.realtime.consumers", "clinic.core.relay"),
    *("clinic.core.management.commands.beat", "clinic.core.management.commands.relay"),
    *("clinic.embedded.management.commands.gateway_sim", "clinic.demo.seeding"),
)


def main() -> None:
    """Load, then fork whatever is asked for until the socket closes."""
    line = socket.socket(fileno=int(sys.argv[1]))
    load()
    name_process("house")
    _answer(line, {"loaded": os.getpid()})
    command = serve(line)
    if command:
        run(command)


def load() -> None:
    """Load all that needs no thread, and keep collections in the forks from copying it."""
    django.setup()
    assert get_resolver().url_patterns  # loaded when first asked
    tasks = import_module("clinic.celery").app
    tasks.loader.import_default_modules()
    tasks.finalize()
    for name in COMMANDS:
        import_module(name)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")  # read when first asked
    # What a fork would do again: each logger would be told what it knows, and its page copied.
    django.setup = _set_up_already  # type: ignore[assignment]
    gc.collect()
    gc.freeze()


def _set_up_already(*_args: Any, **_named: Any) -> None:
    """Do nothing: the house has done it."""


def serve(line: socket.socket) -> list[str] | None:
    """Fork on request. Returns in each fork with its command line, at last here with None."""
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        while True:
            for key, _events in selector.select():
                if key.fileobj is not line:
                    _tell_end(line, selector, key)
                    continue
                message, pipes, _flags, _address = socket.recv_fds(line, MESSAGE_BYTES, 1)
                if not message:
                    return None
                wanted = json.loads(message)
                pid = os.fork()
                if pid == 0:
                    line.close()
                    _forget_siblings(selector)
                    _settle(wanted["name"], pipes[0])
                    return list(wanted["argv"])
                os.close(pipes[0])
                selector.register(os.pidfd_open(pid), selectors.EVENT_READ, pid)
                _answer(line, {"name": wanted["name"], "pid": pid})


def run(argv: list[str]) -> None:
    """Do what ``python`` would with these arguments: ``[-W ignore:words] -m module | file``."""
    words = argv[1:]
    while words[0] == "-W":
        action, _, text = words[1].partition(":")
        warnings.filterwarnings(action, text)  # type: ignore[arg-type]
        del words[:2]
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


def name_process(name: str) -> None:
    """Let ``ps`` and ``top`` show the name in the place of the command line of the house."""
    with suppress(OSError, ValueError):  # nothing but a name
        words = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        begin, end = int(words[45]), int(words[46])
        title = f"clinic: {name}".encode()[: end - begin - 1]
        ctypes.memmove(begin, title.ljust(end - begin, b"\0"), end - begin)
        Path("/proc/self/comm").write_text(f"clinic-{name}"[:15])


def _forget_siblings(selector: selectors.BaseSelector) -> None:
    for key in selector.get_map().values():
        if key.data:  # the line has none
            os.close(key.fd)


def _settle(name: str, pipe: int) -> None:
    """Become a process of its own: a session, an output, signals as at the start of a program."""
    os.setsid()
    for output in (1, 2):
        os.dup2(pipe, output)
    os.close(pipe)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    name_process(name)


def _tell_end(line: socket.socket, selector: Any, key: selectors.SelectorKey) -> None:
    selector.unregister(key.fileobj)
    os.close(key.fd)
    _pid, status = os.waitpid(key.data, 0)
    _answer(line, {"pid": key.data, "code": os.waitstatus_to_exitcode(status)})


def _answer(line: socket.socket, words: dict[str, Any]) -> None:
    with suppress(BrokenPipeError):  # `up` is gone: the next start clears what is left
        line.send(json.dumps(words).encode())


if __name__ == "__main__":
    main()
