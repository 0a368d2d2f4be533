"""The page of a reading in a real browser: hover, keys, filters, corrections; nothing from a host.

Needs Chromium with its driver (Debian: chromium, chromium-driver) and selenium.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

import blocs
from blocs.evidence.ledger.corrections import read_file
from blocs.evidence.readings import Readings
from blocs.views.reading.page import page

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

STORY = (
    "Warsaw revealed that Minsk sent, in October, up to 9,000 soldiers, including 400 officers, "
    "to attack Lithuania.\n\nLast January, Polish Foreign Minister Radoslaw Sikorski warned that "
    "Moscow could strike NATO within four to six years, <img src=x onerror=alert(1)> he said."
)


@pytest.fixture(scope="module")
def found() -> Readings:
    return blocs.read(STORY, date="2024-11-05")


@pytest.fixture(scope="module")
def address(found: Readings, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "ledger.html"
    file.write_text(page(found), encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def shown(browser: Chrome, address: str) -> Chrome:
    size = {"width": 1200, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(address)
    return browser


def _rows(browser: Chrome) -> list[str]:
    script = (
        "return [...document.querySelectorAll('tbody tr')].filter(r => r.offsetParent)"
        ".map(r => r.dataset.id)"
    )
    return list(browser.execute_script(script))


def _wait(done: Callable[[], bool]) -> None:
    for _ in range(100):
        if done():
            return
        time.sleep(0.1)
    pytest.fail("nothing happened within ten seconds")


def test_the_script_runs_without_complaint_and_shows_every_item(
    shown: Chrome, found: Readings
) -> None:
    assert shown.get_log("browser") == []
    assert _rows(shown) == [i.id for i in found]
    assert shown.find_elements("css selector", "img") == []


@pytest.mark.parametrize("width", [360, 768, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out(shown: Chrome, width: int, scheme: str) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    shown.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    shown.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    shown.refresh()
    assert shown.execute_script("return document.documentElement.scrollWidth") <= width
    paper = shown.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 27)"}[scheme]


def test_keys_go_from_item_to_item_and_tell_the_code(shown: Chrome) -> None:
    body = shown.find_element("tag name", "body")
    body.send_keys("n")
    first = shown.switch_to.active_element
    assert first.get_attribute("class").startswith("in ")
    told = shown.find_element("css selector", ".told")
    assert told.is_displayed()
    assert "POLGOV" in told.text
    first.send_keys("n")
    second = shown.switch_to.active_element
    assert second != first
    second.send_keys("p")
    assert shown.switch_to.active_element == first


def test_pointing_at_a_stretch_tells_every_item_it_lies_in(shown: Chrome) -> None:
    from selenium.webdriver import ActionChains

    [mark] = shown.find_elements("xpath", "//div[@class='text']//a[contains(., '9,000')]")
    ActionChains(shown).move_to_element(mark).perform()
    told = shown.find_element("css selector", ".told").text
    assert "at most 9,000 soldiers" in told
    assert "claim" in told


def test_filters_leave_what_fits(shown: Chrome, found: Readings) -> None:
    from selenium.webdriver.support.ui import Select

    Select(shown.find_element("name", "kind")).select_by_value("forecast")
    forecasts = [i.id for i in found if i.kind == "forecast"]
    _wait(lambda: _rows(shown) == forecasts)
    shown.find_element("css selector", "[type=search]").send_keys("nosuchword")
    _wait(lambda: _rows(shown) == [])
    assert "0 of" in shown.find_element("css selector", ".find output").text


def test_corrections_are_saved_in_the_ledgers_own_format(
    shown: Chrome, found: Readings, tmp_path: Path
) -> None:
    from selenium.webdriver.support.ui import Select

    [soldiers] = [i for i in found if i.quantity and i.quantity.of == "soldiers"]
    row = shown.find_element("id", f"r-{soldiers.id}")
    Select(row.find_element("css selector", ".review select")).select_by_value("correct")
    row.find_element("id", f"quantity.high-{soldiers.id}").send_keys("10000")
    row.find_element("id", f"subject-{soldiers.id}").send_keys("BLR")
    other = shown.find_element("css selector", f"tbody tr:not(#r-{soldiers.id}) .review select")
    Select(other).select_by_value("reject")
    shown.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    shown.find_element("css selector", ".save").click()
    path = tmp_path / "corrections.json"
    _wait(lambda: path.exists() and path.stat().st_size > 0)
    corrections = read_file(path)
    [corrected] = [c for c in corrections if c.verdict == "correct"]
    assert (corrected.start, corrected.end, corrected.quote) == (
        soldiers.start,
        soldiers.end,
        soldiers.quote,
    )
    assert corrected.fields == {"quantity.high": 10000, "subject": ["BLR"]}
    assert [c.verdict for c in corrections if c is not corrected] == ["reject"]
    assert msgspec.json.decode(path.read_bytes())["schema"] == "blocs.corrections/1"
