"""What axe-core finds on a page; its source is given to a page once and only faults come back."""

from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RUN = """async ([context, options]) => {
  const found = await axe.run(context ?? document, { resultTypes: ["violations"], ...options });
  return found.violations.map((one) => `${one.id}: ${one.nodes[0].target} ${one.nodes[0].html}`);
}"""


@cache
def _source() -> str:
    return str(Axe().axe_script)


def breaches(
    page: Page, context: dict[str, Any] | None = None, options: dict[str, Any] | None = None
) -> list[str]:
    """Return the rules that a page breaks, each with the first place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    return list(page.evaluate(_RUN, [context, options or {}]))
