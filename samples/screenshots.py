"""`make screenshots`: the pictures of the desk in docs/, taken of the demo's archive by a real browser.

    python -m samples.screenshots ARCHIVE FOLDER
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

#: name of the file → (address, width, height, colours).
PAGES = {
    "search": ("/", 1360, 900, "light"),
    "search-dark": ("/?q=unit:155+date:2025-04", 1360, 620, "dark"),
    "photo": ("/?q=agency:sputnik+Easter", 1360, 1000, "light"),
    "unit": ("/unit/ru-155-naval-infantry-brigade", 1360, 900, "light"),
    "map": ("/?view=map", 1360, 700, "light"),
    "phone": ("/?q=kursk", 390, 800, "light"),
}


def main(archive: str, folder: str) -> None:
    """Serve the archive on a free port, look at each page, write it as a JPEG."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cutline = Path(sys.executable).parent / "cutline"
    server = subprocess.Popen([cutline, "serve", "--archive", archive, "--port", str(port)])
    desk = f"http://127.0.0.1:{port}"
    try:
        _wait(desk, server)
        Path(folder).mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox", "--disable-background-networking", "--no-first-run"],
            )
            for name, (address, width, height, colours) in PAGES.items():
                size = {"width": width, "height": height}
                page = browser.new_page(viewport=size, color_scheme=colours)  # type: ignore[arg-type]
                page.goto(desk + address)
                if name == "photo":
                    page.locator("#photos .pic").first.click()
                page.wait_for_load_state("networkidle")
                page.screenshot(path=str(Path(folder) / f"{name}.jpg"), type="jpeg", quality=82)
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait(30)


def _wait(desk: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit("The desk did not start.")
        try:
            urllib.request.urlopen(f"{desk}/-/versions.json", timeout=5)
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The desk did not answer.")


if __name__ == "__main__":
    main(*sys.argv[1:3])
