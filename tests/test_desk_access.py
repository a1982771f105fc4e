"""Nobody is left out: axe finds nothing against WCAG 2.2 AA on any page, light or dark, wide or narrow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desk_archive import CARD, EASTER, HOSTILE, LODZ
from tests.desk_server import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RULES = {"runOnly": {"type": "tag", "values": _TAGS}}

PAGES = {
    "search": "/",
    "search with chips": "/?q=unit:assault+date:2025+-country:us+%22a+meal%22",
    "list": "/?view=list&q=assault",
    "map": "/?view=map",
    "nothing found": "/?q=unit:155+by:bobylev",
    "a hint": "/?q=date:never",
    "photo": f"/photo/{EASTER.identity}",
    "photo without a picture": f"/photo/{CARD.identity}",
    "photo with an inferred date": f"/photo/{LODZ.identity}",
    "photo with hostile letters": f"/photo/{HOSTILE.identity}",
    "unit": "/unit/built~3A3rd~20Assault",
    "agency": "/agency/ap",
    "photographer": "/photographer/ilse~20brandt",
    "place": "/place/region~3Aru-kursk",
    "day": "/day/2025-04-19",
    "coverage": "/coverage",
    "review": "/review",
    "corrections": "/corrections",
    "not here": "/photo/00000000000000000000000000000000",
}


def violations(
    desk: Desk, browser: Browser, path: str, width: int, scheme: str, cookie: str | None = None
) -> list[str]:
    """What axe finds on a page: rule, and the first elements that break it."""
    import axe_playwright_python

    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True  # type: ignore[arg-type]
    )
    try:
        if cookie:
            context.add_cookies([{"name": "ds_actor", "value": cookie, "url": desk.url}])
        page = context.new_page()
        page.goto(desk.url + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run(document, rules)", _RULES)
        return [f"{v['id']}: {[n['html'][:160] for n in v['nodes'][:4]]}" for v in found["violations"]]
    finally:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1360, "light"), (390, "dark")])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing(desk: Desk, browser: Browser, path: str, width: int, scheme: str) -> None:
    assert violations(desk, browser, path, width, scheme) == []


@pytest.mark.parametrize("path", [f"/photo/{EASTER.identity}", "/review", "/confirm?q=assault"])
def test_axe_finds_nothing_for_an_editor(desk: Desk, browser: Browser, path: str) -> None:
    assert violations(desk, browser, path, 1360, "dark", desk.cookie()) == []
