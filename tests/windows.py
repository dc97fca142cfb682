"""Windows of the browser: tests share them, one after the other, and each finds an empty one.

A new window with a cold cache costs two seconds of a core, one that is used again a tenth.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

# Where a window rests: a picture of the same site, so its process and its cache stay.
REST = "/static/front/leaf.svg"
FORGET = "localStorage.clear(); sessionStorage.clear()"


@dataclass
class _Window:
    page: Page
    look: dict[str, Any]
    is_taken: bool = False
    listeners: list[tuple[Any, Callable[[Any], object]]] = field(default_factory=list)


class Windows:
    """The windows of one browser; ``home`` is a web server that is always there."""

    def __init__(self, browser: Browser, home: str) -> None:
        self._browser = browser
        self._home = home
        self._kept: list[_Window] = []

    def take(
        self, address: str, locale: str, *, width: int, height: int, keep: bool = True, **more: Any
    ) -> Page:
        """Return an empty page for a web address, in a language, without cookies.

        With ``keep=False`` it is closed after the test: for one whose clock or lines are changed.
        """
        look = {"locale": locale, "base_url": address, **more}
        size = {"width": width, "height": height}
        found = next((one for one in self._kept if one.look == look and not one.is_taken), None)
        if found is None or not keep:
            found = _Window(self._browser.new_context(**look).new_page(), look)
            if keep:
                self._kept.append(found)
        found.is_taken = True
        found.page.set_viewport_size(size)  # type: ignore[arg-type]
        if keep:
            found.page.goto(f"{address}{REST}")
            found.page.evaluate(FORGET)
        return found.page

    def listen(self, page: Page, event: Any, told: Callable[[Any], object]) -> None:
        """Tell what happens on a page, until its test is over."""
        page.on(event, told)
        for one in self._kept:
            if one.page is page:
                one.listeners.append((event, told))

    def put_back(self) -> None:
        """Let the windows that were taken rest, and close those that cannot be used again."""
        self._kept = [one for one in self._kept if not one.page.is_closed()]
        kept = {one.page.context for one in self._kept}
        for context in self._browser.contexts:
            if context not in kept:
                context.close()
        for one in self._kept:
            if one.is_taken:
                self._rest(one)

    def _rest(self, one: _Window) -> None:
        for event, told in one.listeners:
            one.page.remove_listener(event, told)
        one.listeners.clear()
        for other in one.page.context.pages:
            if other is not one.page:
                other.close()
        one.page.mouse.move(0, 0)
        one.page.goto(f"{self._home}{REST}")
        one.page.context.clear_cookies()
        one.is_taken = False
