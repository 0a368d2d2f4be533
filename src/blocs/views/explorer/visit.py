"""A visit to a page of the explorer: what was asked, by which form, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from blocs.contracts import Answer, Evidence
from blocs.dates import Partial, Period
from blocs.errors import BadInput


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a page may be asked: the name in the address, and what the form calls it.

    With a `span` of whole numbers, it is a slider from the first to the last.
    """

    name: str
    label: str
    hint: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page leads."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was asked of a page.

    Attributes
    ----------
    page : str
        Name of the page, which is its address: ``/NAME``, ``/NAME.json``, ``/NAME.csv``.
    values : mapping of str to str
        What the address says; empty values are left out.
    evidence : Evidence
        What the server was started with; no address can change it.
    fields : tuple of Field
        What the page's form asks.
    links : tuple of Link
        Where to go from here.
    csv : bool
        Whether the page has a table.
    scripts : tuple of str
        Scripts of the page, which may ask this server again.
    """

    page: str
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    csv: bool = True
    scripts: tuple[str, ...] = ()

    def text(self, name: str) -> str | None:
        """Return what was said under a name; none if nothing."""
        return self.values.get(name)

    def needed(self, name: str) -> str:
        """Return what was said under a name.

        Raises
        ------
        BadInput
            If nothing was said.
        """
        if name not in self.values:
            hint = next((f.hint for f in self.fields if f.name == name), "")
            raise BadInput(f"/{self.page} needs {name}" + (f": {hint}" if hint else ""))
        return self.values[name]

    def whole(self, name: str) -> int | None:
        """Return a whole number, such as a year; none if nothing was said.

        Raises
        ------
        BadInput
            If it is no whole number of at most nine digits.
        """
        said = self.values.get(name)
        if said is None:
            return None
        if not (said.isascii() and said.isdigit() and len(said) < 10):
            raise BadInput(f"{name}={said}: write a whole number, for a year such as 2024")
        return int(said)

    def date(self, name: str) -> str | None:
        """Return a day, month or year as it was written, once it is known to be one."""
        said = self.values.get(name)
        return None if said is None else said if Partial.parse(said) else None

    def years(self) -> tuple[int | None, int | None]:
        """Return the first and the last year that were said, ``from`` and ``to``.

        Raises
        ------
        BadInput
            If one is no whole number, or the first is after the last.
        """
        first, last = self.whole("from"), self.whole("to")
        if first is not None and last is not None:
            Period(first, last)
        return first, last

    def words(self, name: str) -> tuple[str, ...]:
        """Split a list at its semicolons, or at its commas where it has none."""
        said = self.needed(name)
        parts = said.split(";" if ";" in said else ",")
        return tuple(part.strip() for part in parts if part.strip())

    def turned(self, n: int, size: int) -> tuple[int, int]:
        """Return which page of `n` things is asked, and how many of `size` things there are.

        Raises
        ------
        BadInput
            If there is no such page.
        """
        asked = self.whole("page")
        pages = max(-(-n // size), 1)
        if asked is not None and not 1 <= asked <= pages:
            raise BadInput(f"page={asked}: there are {pages} pages of {size}")
        return (1 if asked is None else asked), pages

    def turns(self, what: str, number: int, pages: int) -> tuple[Link, ...]:
        """Lead to the pages before and after, asking the same."""
        return tuple(
            Link(f"{word} {what}", link(self.page, **{**self.values, "page": to}))
            for word, to in (("Previous", number - 1), ("Next", number + 1))
            if 1 <= to <= pages
        )

    @property
    def query(self) -> str:
        """What the address says behind its question mark; empty if it asks nothing."""
        return urlencode(self.values)

    def address(self, ending: str) -> str:
        """Address of this same page as data: ``.json`` or ``.csv``."""
        return f"/{self.page}{ending}" + (f"?{self.query}" if self.values else "")

    def figure(self, key: str, ending: str) -> str:
        """Address of a picture of this page as a file: ``.svg`` or ``.png``."""
        return link(f"{self.page}{ending}", **{**self.values, "figure": key})


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A page of the explorer.

    Attributes
    ----------
    title : str
        What its form is headed with.
    show : callable
        ``show(visit) -> Answer``; its `page` is the HTML.
    fields : tuple of Field
        What it may be asked; the address may say nothing else.
    csv : bool
        Whether it has a table.
    looks : tuple of str
        Style sheets of a page with a look of its own; those of an answer if none.
    scripts : tuple of str
        Scripts it runs; it does without them, and only such a page may ask this server again.
    """

    title: str
    show: Callable[[Visit], Answer]
    fields: tuple[Field, ...] = ()
    csv: bool = True
    looks: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


def link(page: str, /, **values: object) -> str:
    """Write the address of a page: what is None is left out, ``from_`` is ``from``.

    Examples
    --------
    >>> link("dyad", a="RUS", b="PRK", at=None)
    '/dyad?a=RUS&b=PRK'
    """
    said = {k.rstrip("_").replace("_", "-"): v for k, v in values.items() if v is not None}
    return f"/{page}" + (f"?{urlencode(said)}" if said else "")
