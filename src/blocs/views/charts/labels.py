"""Put labels beside their points so that they do not cover each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Align = Literal["left", "center", "right"]

_GAP: Final = 7.0
_WIDTH_PER_LETTER: Final = 0.56
_PLACES: Final[tuple[tuple[float, float, Align], ...]] = (
    (1, 0, "left"),
    (-1, 0, "right"),
    (0, -1.5, "center"),
    (0, 1.5, "center"),
    (0.7, -1, "left"),
    (0.7, 1, "left"),
    (-0.7, -1, "right"),
    (-0.7, 1, "right"),
    (0, -3, "center"),
    (0, 3, "center"),
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point that wants a label.

    Attributes
    ----------
    x, y : float
        Pixels from the left and the top of the plot.
    text : str
        The label.
    must : bool
        Draw it even where it covers something.
    """

    x: float
    y: float
    text: str
    must: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its place: pixels, and which end of the text they mean."""

    x: float
    y: float
    text: str
    align: Align


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: _Box) -> float:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(across, 0.0) * max(down, 0.0)

    def outside(self, width: float, height: float) -> float:
        beyond = max(-self.left, 0) + max(self.right - width, 0)
        return 50 * (beyond + max(-self.top, 0) + max(self.bottom - height, 0))


def place_labels(
    anchors: Sequence[Anchor],
    *,
    width: float,
    height: float,
    obstacles: Sequence[tuple[float, float]] = (),
    size: float = 12,
) -> list[Placed]:
    """Place labels greedily, in the order given; the first anchors choose first.

    Parameters
    ----------
    anchors : sequence of Anchor
        Points with labels, the important ones first.
    width, height : float
        The plot in pixels.
    obstacles : sequence of (float, float)
        Points that no label should cover.
    size : float
        Font size in pixels.

    Returns
    -------
    list of Placed
        A label that would cover another is left out unless it `must` be drawn.

    Examples
    --------
    >>> [p.align for p in place_labels([Anchor(10, 50, "here")], width=200, height=100)]
    ['left']
    """
    taken = [_Box(x - 3, y - 3, x + 3, y + 3) for x, y in obstacles]
    taken += [_Box(a.x - 4, a.y - 4, a.x + 4, a.y + 4) for a in anchors]
    out = []
    for anchor in anchors:
        options = [_option(anchor, place, size) for place in _PLACES]
        costs = [
            box.outside(width, height) + sum(box.overlap(other) for other in taken)
            for _, box in options
        ]
        best = min(range(len(options)), key=lambda i: (costs[i], i))
        if costs[best] > size and not anchor.must:
            continue
        label, box = options[best]
        taken.append(box)
        out.append(label)
    return out


def _option(anchor: Anchor, place: tuple[float, float, Align], size: float) -> tuple[Placed, _Box]:
    dx, dy, align = place
    x, y = anchor.x + dx * _GAP, anchor.y + dy * _GAP
    length = len(anchor.text) * size * _WIDTH_PER_LETTER
    left = {"left": x, "center": x - length / 2, "right": x - length}[align]
    box = _Box(left, y - size * 0.55, left + length, y + size * 0.55)
    return Placed(x, y, anchor.text, align), box
