"""The explorer's new pages in a real browser that reaches no host."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("uvicorn")

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


def _wait(browser: Chrome, done: Callable[[Chrome], bool], what: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 60).until(done, what)


def _heading(word: str) -> Callable[[Chrome], bool]:
    script = "return document.querySelector('h1')?.textContent ?? ''"
    return lambda driver: word in str(driver.execute_script(script))


def test_the_slider_turns_the_years_and_back_leads_back(browser: Chrome, served: str) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(f"{served}year?year=1914")
    _wait(browser, _heading("1914:"), "1914")
    browser.find_element("css selector", "[type=range]").send_keys(Keys.ARROW_RIGHT)
    _wait(browser, _heading("1915:"), "the slider was not followed")
    assert browser.current_url.endswith("/year?year=1915")
    browser.back()
    _wait(browser, _heading("1914:"), "back did not lead back")
    assert browser.find_element("css selector", "[type=range]").get_attribute("value") == "1914"
    assert browser.get_log("browser") == []


def test_a_filter_is_kept_in_the_address(browser: Chrome, served: str) -> None:
    from selenium.webdriver.support.ui import Select

    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(f"{served}ledger")
    Select(browser.find_element("name", "kind")).select_by_value("quantity")
    _wait(browser, lambda d: "kind=quantity" in d.current_url, "the address stayed as it was")
    script = (
        "return [...document.querySelectorAll('tbody tr:not([hidden])')].map(r => r.dataset.kind)"
    )
    shown = browser.execute_script(script)
    assert set(shown) == {"quantity"}
    browser.get(browser.current_url)
    assert browser.execute_script(script) == shown
    assert browser.find_elements("css selector", "main img") == []
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("page", ["ledger", "facts", "outlook", "year?year=1942"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_of_a_small_screen(
    browser: Chrome, served: str, page: str, scheme: str
) -> None:
    size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    try:
        browser.get(served + page)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        paper = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert wide <= 360
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
