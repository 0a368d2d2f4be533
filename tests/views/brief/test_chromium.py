"""The page as people use it: in a real browser that reaches no host.

Needs Chromium with its driver (Debian: chromium, chromium-driver) and selenium.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.support.ui import WebDriverWait
from tests.views import brief_example as made

from blocs.views.brief.page import page
from blocs.views.cli import main

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

WIDTHS = (360, 768, 1200)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "brief.html"
    file.write_text(page(made.example()), encoding="utf-8")
    return file.as_uri()


def _open(browser: Chrome, address: str, *, width: int = 1200, scheme: str = "light") -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get("about:blank")
    browser.get(address)


def _paper(browser: Chrome) -> str:
    return str(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))


def test_no_error_and_no_request(browser: Chrome, address: str) -> None:
    browser.get_log("browser")
    browser.get_log("performance")
    _open(browser, address)
    assert browser.get_log("browser") == []
    asked = [
        message["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if url not in {address, "about:blank", "data:,"}] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out(browser: Chrome, address: str, width: int) -> None:
    _open(browser, address, width=width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    shown = browser.execute_script(
        "return [...document.querySelectorAll('figure svg')].filter(s => s.clientWidth > 0)"
        ".map(s => [s.getBoundingClientRect().left, s.getBoundingClientRect().right])"
    )
    assert len(shown) >= 9
    assert all(left >= 0 and right <= width for left, right in shown)


@pytest.mark.parametrize("width", WIDTHS)
def test_text_in_pictures_is_large_enough(browser: Chrome, address: str, width: int) -> None:
    _open(browser, address, width=width)
    smallest = browser.execute_script(
        "return Math.min(...[...document.querySelectorAll('figure svg')]"
        ".filter(s => s.clientWidth > 0).map(s => s.getBoundingClientRect().width"
        " / s.viewBox.baseVal.width * 11))"
    )
    assert smallest >= 8.5


def test_dark_by_preference_and_by_switch(browser: Chrome, address: str) -> None:
    _open(browser, address, scheme="light")
    assert _paper(browser) == "rgb(255, 255, 255)"
    browser.find_element("id", "theme-dark").click()
    assert _paper(browser) == "rgb(21, 24, 27)"
    _open(browser, address, scheme="dark")
    assert _paper(browser) == "rgb(21, 24, 27)"
    ink = browser.execute_script(
        "return getComputedStyle(document.querySelector('svg [fill=\"#1c1c1c\"]')).fill"
    )
    assert ink == "rgb(236, 236, 236)"
    browser.find_element("id", "theme-light").click()
    assert _paper(browser) == "rgb(255, 255, 255)"


def test_keyboard_reaches_the_skip_link_first(browser: Chrome, address: str) -> None:
    from selenium.webdriver.common.keys import Keys

    _open(browser, address)
    browser.find_element("tag name", "body").send_keys(Keys.TAB)
    assert browser.switch_to.active_element.get_attribute("class") == "skip"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.current_url.endswith("#verdict")


def test_a_mark_leads_to_its_sentence_and_back(browser: Chrome, address: str) -> None:
    from selenium.webdriver.common.keys import Keys

    _open(browser, address)
    mark = browser.find_element("css selector", "#fig-ladder .wide a[href='#fact-troops']")
    browser.execute_script("arguments[0].focus()", mark)
    mark.send_keys(Keys.ENTER)
    assert browser.current_url.endswith("#fact-troops")
    assert "12,000 soldiers" in browser.find_element("css selector", ":target").text
    browser.back()
    assert not browser.current_url.endswith("#fact-troops")


def test_tables_open_without_script(browser: Chrome, address: str) -> None:
    _open(browser, address)
    found = browser.find_element("css selector", "#fig-plane details")
    assert not found.find_element("tag name", "table").is_displayed()
    found.find_element("tag name", "summary").click()
    assert found.find_element("tag name", "table").is_displayed()


def test_screen_readers_find_names(browser: Chrome, address: str) -> None:
    _open(browser, address)
    wanted = {"banner", "navigation", "main", "contentinfo", "table", "figure"}
    # the tree is built from the top; the footer is its last part
    WebDriverWait(browser, 20).until(lambda b: wanted <= {role for role, _ in _spoken(b)})
    seen = _spoken(browser)
    needing = {"image", "img", "link", "table", "figure", "radio", "region", "columnheader"}
    assert [role for role, name in seen if role in needing and not name.strip()] == []


def _spoken(browser: Chrome) -> list[tuple[str, str]]:
    """Role and name of all that a screen reader is told."""
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [
        (n["role"]["value"], n.get("name", {}).get("value", ""))
        for n in nodes
        if not n.get("ignored") and "role" in n
    ]


def test_prints_clean_pages(browser: Chrome, address: str) -> None:
    _open(browser, address, scheme="dark")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    hidden = browser.execute_script(
        "return ['nav', '.theme', 'details', '.narrow'].map("
        "q => getComputedStyle(document.querySelector(q)).display)"
    )
    assert hidden == ["none"] * 4
    assert _paper(browser) == "rgb(255, 255, 255)"
    pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") > 3


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Pages of two commands that need no data: a picture of time, a long table."""
    folder = tmp_path_factory.mktemp("answers")
    example = folder / "statements.toml"
    for words in (
        ["experts", "new", "-o", str(example), "-q"],
        ["experts", str(example), "-o", str(folder / "experts.html"), "-q"],
        ["precedent", "troops", "--conflict", "UKR", "-o", str(folder / "precedent.html"), "-q"],
    ):
        with pytest.raises(SystemExit):
            main(words)
    return tuple(p.as_uri() for p in sorted(folder.glob("*.html")))


def test_pages_of_answers_fit_ask_nothing_and_name_everything(
    browser: Chrome, answers: tuple[str, ...]
) -> None:
    assert len(answers) == 2
    for address in answers:
        browser.get_log("browser")
        for width in WIDTHS:
            _open(browser, address, width=width)
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert browser.get_log("browser") == []
        nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        seen = [
            (n["role"]["value"], n.get("name", {}).get("value", ""))
            for n in nodes
            if not n.get("ignored") and "role" in n
        ]
        assert {"banner", "navigation", "main", "contentinfo", "table"} <= {r for r, _ in seen}
        needing = {"image", "img", "link", "table", "figure", "radio", "region", "columnheader"}
        assert [role for role, name in seen if role in needing and not name.strip()] == []
        _open(browser, address, scheme="dark")
        assert _paper(browser) == "rgb(21, 24, 27)"
