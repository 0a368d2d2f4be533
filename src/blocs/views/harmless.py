"""What is printed cannot steer the terminal: an article's control codes are shown, not obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

_CODES = (*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0))
_TURNS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
_SHOWN = dict.fromkeys((*_CODES, *_TURNS), "\ufffd") | {0x0D: None}


@dataclass(frozen=True, slots=True)
class Harmless:
    r"""A rich renderable whose words hold no control code and turn no line round.

    Attributes
    ----------
    words : rich renderable
        What is to be printed; a string is taken as it stands, without markup.

    Examples
    --------
    >>> from rich.console import Console
    >>> Console().print(Harmless("Kyiv\x1b[2J"))
    Kyiv�[2J
    """

    words: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """Render the words, each code in them replaced by U+FFFD."""
        words = Text(self.words) if isinstance(self.words, str) else self.words
        for text, style, control in console.render(words, options):
            yield Segment(text if control else text.translate(_SHOWN), style, control)
