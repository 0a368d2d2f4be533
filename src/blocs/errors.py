"""Every error blocs raises, one tree.

A message says what is wrong, where (file and row, column, actor), the value
seen, what is allowed or the nearest names, and the next step. The command line
exits with 2 on :class:`BadInput` and its children and with 1 on any other
:class:`BlocsError`.
"""

from __future__ import annotations

from collections.abc import Iterable


class BlocsError(Exception):
    """Root of all errors raised on purpose by blocs."""


class BadInput(BlocsError, ValueError):
    """The user gave something blocs cannot use: a value, a file, a period."""


class UnknownName(BadInput, KeyError):
    """A name that is not known, with the nearest names that are.

    Parameters
    ----------
    kind : str
        What was looked for, for example ``"state"`` or ``"measure"``.
    name : str
        The name as the user gave it.
    nearest : iterable of str
        Known names close to it, best first.
    hint : str
        The next step, one sentence.

    Examples
    --------
    >>> str(UnknownName("state", "Rusia", ["Russia"]))
    "unknown state 'Rusia'; did you mean Russia?"
    """

    def __init__(self, kind: str, name: str, nearest: Iterable[str] = (), hint: str = "") -> None:
        self.kind = kind
        self.name = name
        self.nearest = tuple(nearest)
        self.hint = hint
        super().__init__(kind, name)

    def __str__(self) -> str:
        """Return the message a user reads."""
        text = f"unknown {self.kind} {self.name!r}"
        if self.nearest:
            text += f"; did you mean {', '.join(self.nearest)}?"
        if self.hint:
            text += ("" if text.endswith("?") else ".") + f" {self.hint}"
        return text


class Ambiguous(BadInput):
    """A name that fits several things; the candidates are in the message."""


class BadFile(BadInput):
    """A file that is damaged, truncated or not in the format it should be."""


class NoCoverage(BadInput):
    """Nothing is known for what was asked: outside every declared coverage."""


class NotMember(BadInput):
    """A state that did not exist, or was not in the group, in the period asked."""


class MissingExtra(BlocsError, ImportError):
    """An optional part is not installed; the message names the extra to install."""


class MissingData(BlocsError):
    """A data set that is needed has not been added; the message says how to add it."""


class StorageError(BlocsError, OSError):
    """The disk refused: full, read-only, locked by another writer."""


class DownloadError(BlocsError):
    """A download broke off, lied about its length, or was not the file promised."""


class EndpointError(BlocsError):
    """A language model's endpoint refused, hung, or never gave a usable answer."""


class DamagedCells(UserWarning):
    """Cells of a published table are no numbers; they are taken as missing, said aloud."""


class RowsLeftOut(UserWarning):
    """Rows that say nothing of the question are left out, or counted once, said aloud."""


def first_line(error: Exception) -> str:
    r"""Return what another library's error says, in one line.

    Examples
    --------
    >>> first_line(ValueError("no comma\nin all of it")), first_line(ValueError())
    ('no comma', 'ValueError')
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
