"""What several test files share: the desk in a process of its own, and a browser that looks at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.desk_server import Desk, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


# No test asserts time, and a machine that is busy is no fault.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A served archive that no test changes."""
    yield from serve(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A served archive that the tests of one file may change."""
    yield from serve(tmp_path_factory.mktemp("own"), ordinary=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, Debian's. A file has its own: while it is open, no other loop runs in the test's process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--no-first-run", "--disable-sync"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has been nowhere yet."""
    made = browser.new_context(viewport={"width": 1360, "height": 900}, accept_downloads=True)
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that may not complain: no script error, nothing that the policy had to block, no answer of 500.

    Its last state is kept as a picture under `build/screenshots`.
    """
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    made.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    made.on("response", lambda r: complaints.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    made.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield made
    kept = Path(__file__).parent.parent / "build" / "screenshots"
    kept.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:80]
    made.screenshot(path=str(kept / f"{name}.png"))
    allowed = [mark.args[0] for mark in request.node.iter_markers("may_complain")]
    assert [c for c in complaints if not any(a in c for a in allowed)] == []
