"""Who drove when, as two lines of characters."""

from collections.abc import Sequence

from recorder.summary import Span
from teleop.messages import Mode

MARKS = {Mode.POLICY: "─", Mode.OPERATOR: "█", Mode.HOLD: "·", Mode.REWIND: "◂"}
STYLES = {
    Mode.POLICY: "blue",
    Mode.OPERATOR: "bold yellow",
    Mode.HOLD: "dim",
    Mode.REWIND: "magenta",
}
# Where several share a character, the first of these is drawn: what is short and matters.
_FIRST = (Mode.OPERATOR, Mode.REWIND, Mode.HOLD, Mode.POLICY)


def drawn_modes(drivers: Sequence[Span], duration_s: float, width: int) -> list[Mode]:
    """Who is drawn in each of `width` characters, none for an arm that nobody drove."""
    if not drivers or duration_s <= 0:
        return []
    cells: list[set[Mode]] = [set() for _ in range(width)]
    for span in drivers:
        first = min(width - 1, int(span.start_s / duration_s * width))
        last = min(width - 1, max(first, int(span.end_s / duration_s * width - 1e-6)))
        for cell in cells[first : last + 1]:
            cell.add(span.mode)
    return [next((mode for mode in _FIRST if mode in cell), Mode.HOLD) for cell in cells]


def axis(duration_s: float, width: int) -> str:
    """The seconds under a line of `width` characters."""
    middle, end = f"{duration_s / 2:.1f}", f"{duration_s:.1f} s"
    left = "0" + middle.rjust(width // 2)
    return left + end.rjust(max(len(end) + 1, width - len(left)))
