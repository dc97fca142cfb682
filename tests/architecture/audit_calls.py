"""What the code writes into the audit log, read from its source: nothing is listed by hand."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps

ROOT: Final = Path(__file__).resolve().parents[2]
CALLS: Final = {"audit.record": (1, 2), "audit.read": (None, 1)}  # where verb and kind stand
Function = ast.FunctionDef


@dataclass(frozen=True)
class Call:
    """One call: its place, and every verb and kind it can have; empty for what only a run knows."""

    place: str
    verbs: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True)
class Source:
    """One file of the project."""

    name: str
    tree: ast.Module

    @property
    def module(self) -> Any:
        """The same, imported."""
        return importlib.import_module(self.name)


def audit_calls() -> Iterator[Call]:
    """Yield every call that writes into the audit log."""
    for source in _sources("audit."):
        for function in _functions(source.tree):
            for call in _calls(function):
                places = CALLS.get(ast.unparse(call.func))
                if places is None:
                    continue
                verb, kind = places
                kinds = frozenset(_texts(call.args[kind], function, source))
                verbs = {f"{one}.read" for one in kinds}
                if verb is not None:
                    verbs = set(_texts(call.args[verb], function, source))
                yield Call(f"{source.name}.{function.name}", frozenset(verbs), kinds)


@cache
def _sources(word: str) -> tuple[Source, ...]:
    rooms = {config.name.split(".")[0] for config in apps.get_app_configs()}
    found = []
    for path in sorted(path for room in rooms for path in (ROOT / room).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if word in text and "migrations" not in path.parts:
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found.append(Source(name.removesuffix(".__init__"), ast.parse(text)))
    return tuple(found)


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _texts(node: ast.expr, function: Function, source: Source) -> Iterator[str]:
    """Yield every text that an expression inside a function can be; nothing when unknown."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, function, source)
            yield from _texts(other, function, source)
        case ast.JoinedStr(values=parts):
            yield from _joined(parts, function, source)
        case ast.FormattedValue(value=inner) | ast.Attribute(value=inner, attr="value"):
            yield from _texts(inner, function, source)
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            yield from _texts(inner, function, source)
        case ast.Name(id=name):
            yield from _named(name, function, source)


def _joined(parts: list[ast.expr], function: Function, source: Source) -> Iterator[str]:
    texts = [""]
    for part in parts:
        texts = [text + more for text in texts for more in _texts(part, function, source)]
    yield from texts


def _named(name: str, function: Function, source: Source) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(_is(name, target) for target in node.targets):
            yield from _texts(node.value, function, source)
    arguments = [*function.args.args, *function.args.kwonlyargs]
    argument = next((one for one in arguments if one.arg == name), None)
    if argument is None:
        constant = getattr(source.module, name, None)
        yield from [constant] if isinstance(constant, str) else []
    elif argument.annotation is not None:
        yield from _of_kind(argument, function, source)


def _of_kind(argument: ast.arg, function: Function, source: Source) -> Iterator[str]:
    """Yield the values of a choice, or what the callers hand in. No act leads to a first state."""
    kind = getattr(source.module, ast.unparse(argument.annotation or argument), str)
    if isinstance(kind, type) and issubclass(kind, Enum):
        values = [str(one.value) for one in kind]
        yield from values[1:] if kind.__name__.endswith("State") else values
        return
    is_own = function.name.startswith("_")
    for caller in (source,) if is_own else _sources(function.name):
        for around in _functions(caller.tree):
            for call in _calls(around):
                if _is(function.name, call.func):
                    yield from _handed(argument.arg, call, function, around, caller)


def _handed(
    name: str, call: ast.Call, function: Function, around: Function, caller: Source
) -> Iterator[str]:
    places = [one.arg for one in function.args.args]
    values = [keyword.value for keyword in call.keywords if keyword.arg == name]
    if name in places:
        values += call.args[places.index(name) : places.index(name) + 1]
    for value in values:
        yield from _texts(value, around, caller)


def _is(name: str, node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == name
