"""Addresses found by their words instead of by trying one pattern after the other."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, Final

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

Route = URLPattern | URLResolver
Numbered = tuple[int, Route]
# Values that end at a slash; anything else may reach over several words.
_ONE_WORD: Final = re.compile(r"<(?:(?:str|int|slug|uuid):)?\w+>")


@dataclass(slots=True)
class _Place:
    """A place in the tree of words: what ends here, what any rest may follow, and what goes on."""

    ends: list[Numbered] = field(default_factory=list)
    open: list[Numbered] = field(default_factory=list)
    words: dict[str, "_Place"] = field(default_factory=dict)
    any_word: "_Place | None" = None

    def add(self, words: Sequence[str], route: Numbered, *, is_end: bool) -> None:
        """Plant a route below here; where its words say too little it stands open."""
        word, *rest = words or ("",)
        if not words:
            (self.ends if is_end else self.open).append(route)
        elif "<" not in word:
            self.words.setdefault(word, _Place()).add(rest, route, is_end=is_end)
        elif "<" in _ONE_WORD.sub("", word):
            self.open.append(route)
        else:
            self.any_word = self.any_word or _Place()
            self.any_word.add(rest, route, is_end=is_end)

    def fitting(self, words: Sequence[str]) -> list[Numbered]:
        """Return every route that these words may mean, and few others."""
        found: list[Numbered] = []
        places = [self]
        for word in words:
            deeper: list[_Place] = []
            for place in places:
                found += place.open
                if word in place.words:
                    deeper.append(place.words[word])
                if place.any_word is not None:
                    deeper.append(place.any_word)
            places = deeper
        for place in places:
            found += place.open + place.ends
        return found


class RouteTree(URLResolver):
    """A list of patterns with Django's meaning, the first that matches, but without the search.

    An address of some three hundred costs a look-up for each of its words instead of a try of each
    pattern before it. The tree only picks: each pattern still matches by itself.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        """Take the patterns of the root, in order."""
        super().__init__(RoutePattern(""), routes)

    @cached_property
    def _tree(self) -> _Place:
        tree, numbers = _Place(), count()
        for route in _flat(self.url_patterns):
            text = str(route.pattern)
            is_plain = isinstance(route.pattern, RoutePattern)
            is_end = isinstance(route, URLPattern)
            # The last word of a beginning may go on: only whole ones are sure.
            words = text.split("/") if is_end else text.split("/")[:-1]
            tree.add(words if is_plain else (), (next(numbers), route), is_end=is_end and is_plain)
        return tree

    def resolve(self, path: Any) -> ResolverMatch:
        """Return the first pattern's match. Raises Resolver404."""
        path = str(path)
        for _number, route in sorted(self._tree.fitting(path.split("/"))):
            try:
                found: ResolverMatch | None = route.resolve(path)
            except Resolver404:
                continue
            if found is not None:
                if isinstance(route, URLResolver):
                    found.route = str(route.pattern) + found.route.removeprefix("^")
                return found
        raise Resolver404({"path": path, "tried": []})


def match_of(path: str) -> ResolverMatch:
    """Return what an address means, as Django's own resolver. Raises Resolver404.

    Where the tree is all that there is, its match needs no copy with nothing before it.
    """
    root = get_resolver()
    only = root.url_patterns[0] if len(root.url_patterns) == 1 else None
    return only.resolve(path[1:]) if isinstance(only, RouteTree) else root.resolve(path)


def companionship() -> Callable[[str, str], bool]:
    """Return what says of a method and a path whether its view's ``together`` names the method."""
    doors: dict[str, list[re.Pattern[str]]] = {}
    for route in _flat(get_resolver().url_patterns):
        view: Any = getattr(getattr(route, "callback", None), "cls", None)
        for method in getattr(view, "together", ()):
            doors.setdefault(method, []).append(route.pattern.regex)

    def goes_along(method: str, path: str) -> bool:
        words = path[1:]
        return any(door.match(words) for door in doors.get(method, ()))

    return goes_along


def _flat(routes: Iterable[Any]) -> Iterator[Route]:
    """Yield the patterns behind plain beginnings with their whole routes, the others as they are.

    Namespaces, languages and regular expressions stay with Django.
    """
    for route in routes:
        is_plain = isinstance(route.pattern, RoutePattern)
        if isinstance(route, URLPattern) or not is_plain or route.namespace or route.app_name:
            yield route
            continue
        for inner in _flat(route.url_patterns):
            yield _behind(str(route.pattern), route.default_kwargs, inner)


def _behind(head: str, told: dict[str, Any], route: Route) -> Route:
    if not (isinstance(route, URLPattern) and isinstance(route.pattern, RoutePattern)):
        return URLResolver(RoutePattern(head), [route], told)
    pattern = RoutePattern(head + str(route.pattern), name=route.name, is_endpoint=True)
    return URLPattern(pattern, route.callback, {**told, **route.default_args}, route.name)
