"""HTML that is escaped by construction: only what `tag` made counts as markup."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"input", "link", "meta", "br"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Node = Html | str | int | None | Iterable["Node"]


def tag(_name: str, *children: Node, **attributes: str | int | bool | None) -> Html:
    """Return an element; plain text and attribute values are escaped.

    `class_` stands for class; True writes the bare attribute, False and None leave it out.
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if _name in _VOID:
        return Html(f"<{_name}{written}>")
    return Html(f"<{_name}{written}>{join(children)}</{_name}>")


def join(nodes: Iterable[Node]) -> Html:
    """Return the nodes one after the other."""
    return Html("".join(_written(node) for node in nodes))


def _written(node: Node) -> str:
    if node is None:
        return ""
    if isinstance(node, Html):
        return str(node)
    if isinstance(node, str | int):
        return escape(str(node))
    return join(node)


def _attribute(name: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
