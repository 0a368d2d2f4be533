"""Make the pictures of the README: run ``python docs/pictures/make.py``.

Needs Chromium with its driver (Debian: chromium, chromium-driver) and selenium.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from blocs.views.answers.brief import brief
from blocs.views.brief.page import page

HERE = Path(__file__).resolve().parent
WIDTH = 1100
LAST = "#fig-plane .wide"


def main() -> None:
    """Write brief.png: the top of the brief on the four, down to its lead picture."""
    html = page(brief("CHN", "RUS", "IRN", "PRK"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "brief.html"
        file.write_text(html, encoding="utf-8")
        (HERE / "brief.png").write_bytes(photograph(file.as_uri()))


def photograph(address: str) -> bytes:
    """Take a picture of a page from its top to the end of the element `LAST`."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(word)
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        size = {"width": WIDTH, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get(address)
        end = browser.execute_script(
            f"return document.querySelector('{LAST}').getBoundingClientRect().bottom"
        )
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": end + 4, "scale": 1.25}
        options_of_picture = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        taken = browser.execute_cdp_cmd("Page.captureScreenshot", options_of_picture)
    finally:
        browser.quit()
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    main()
