"""Every page as people without sight, mouse or wide screen meet it.

axe-core (Deque, MPL-2.0) looks for what it calls serious and critical, in light and in dark;
the package that carries it is installed for tests alone.
"""

from __future__ import annotations

import importlib.resources
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.views import brief_example

from blocs.contracts import Answer
from blocs.views.answers import simulate
from blocs.views.brief.page import page

pytest.importorskip("uvicorn")

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

PAGES = (
    "",
    "home?q=Korea",
    "dyad?a=RUS&b=PRK&from=2020",
    "state?name=KOR",
    "year?year=1910",
    "data",
    "method",
    "code?file=src/blocs/alignment/similarity/kappa.py",
    "almanac",
    "ledger",
    "facts",
    "outlook",
    "outlook?act=weapons",
)
_RUN = """
const [rules, done] = arguments;
const light = e => !e.closest("svg");  // of the text in a picture axe cannot tell what lies behind
axe.run(document, {runOnly: rules, resultTypes: ["violations"], elementRef: true})
  .then(found => done(found.violations
    .filter(v => v.impact === "serious" || v.impact === "critical")
    .flatMap(v => v.nodes.filter(n => v.id !== "color-contrast" || light(n.element))
      .map(n => `${v.id}: ${n.html.slice(0, 200)}`))))
  .catch(error => done([String(error)]));
"""
_STANDARDS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
_CONTRAST = {"type": "rule", "values": ["color-contrast"]}
_STICKS_OUT = "return document.documentElement.scrollWidth"
_UNSEEN = """
return [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
  .filter(e => e.checkVisibility()).slice(0, 40)
  .filter(e => { e.focus({focusVisible: true}); const s = getComputedStyle(e);
    return document.activeElement === e && s.outlineStyle === "none"; })
  .map(e => e.outerHTML.slice(0, 120));
"""


@cache
def _axe() -> str:
    package = pytest.importorskip("axe_core_python")
    return (importlib.resources.files(package) / "axe.min.js").read_text("utf-8")


def _scheme(browser: Chrome, *features: dict[str, str]) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": list(features)})


def _serious(browser: Chrome, address: str) -> list[str]:
    """Open a page in light, try all rules, then turn it dark and try its contrasts."""
    browser.set_script_timeout(120)
    found = []
    try:
        _scheme(browser, {"name": "prefers-color-scheme", "value": "light"})
        browser.get(address)
        browser.execute_script(_axe())
        found += browser.execute_async_script(_RUN, _STANDARDS)
        _scheme(browser, {"name": "prefers-color-scheme", "value": "dark"})
        found += browser.execute_async_script(_RUN, _CONTRAST)
    finally:
        _scheme(browser)
    return [str(line) for line in found]


def _usable(browser: Chrome, address: str) -> None:
    assert _serious(browser, address) == []
    assert browser.execute_script(_UNSEEN) == []
    small = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", small)
    try:
        assert browser.execute_script(_STICKS_OUT) <= 360
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_explorer_shuts_nobody_out(browser: Chrome, served: str, path: str) -> None:
    _usable(browser, served + path)


def test_the_brief_shuts_nobody_out(browser: Chrome, tmp_path: Path) -> None:
    file = tmp_path / "brief.html"
    file.write_text(page(brief_example.example()), "utf-8")
    _usable(browser, file.as_uri())


def test_a_simulation_shuts_nobody_out(browser: Chrome, tmp_path: Path) -> None:
    answer: Answer = simulate.ask("troops", runs=8, sensitivity=0)
    assert answer.page is not None
    file = tmp_path / "simulation.html"
    file.write_text(answer.page(), "utf-8")
    _usable(browser, file.as_uri())


def test_the_check_finds_what_is_wrong(browser: Chrome, tmp_path: Path) -> None:
    """A picture without words and grey on grey are told, or the other tests say nothing."""
    file = tmp_path / "bad.html"
    grey = '<p style="color:#999;background:#aaa">Hello there</p>'
    file.write_text(f'<html lang="en"><title>x</title><img src="data:,">{grey}', "utf-8")
    found = " ".join(_serious(browser, file.as_uri()))
    assert "image-alt" in found
    assert "color-contrast" in found
