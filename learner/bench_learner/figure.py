"""Success against corrections as a picture (SVG): one panel a shift, one line a method."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

from learner.bench_learner.pieces import Cell
from learner.bench_learner.table import GOAL

# Okabe and Ito's colours, which colour-blind people tell apart too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_DASHES = ("", "", "", "6 3", "2 3", "8 3 2 3")
_WIDTH, _HEIGHT = 210.0, 150.0  # of a panel's axes
_LEFT, _TOP, _GAP, _FOOT = 44.0, 34.0, 22.0, 62.0

Curve = list[tuple[float, float]]  # corrections, mean success


def mean_curve(cells: Sequence[Cell]) -> Curve:
    """The mean over sessions, at every count where one was evaluated; a line holds between them."""
    counts = sorted({point.corrections for cell in cells for point in cell.curve})
    return [
        (
            float(count),
            fmean([p.success for p in cell.curve if p.corrections <= count][-1] for cell in cells),
        )
        for count in counts
    ]


def draw(cells: Sequence[Cell], path: Path) -> None:
    """Write the picture of these sessions; there is at least one."""
    shifts = list(dict.fromkeys(cell.shift for cell in cells))
    methods = list(dict.fromkeys(cell.method for cell in cells))
    most = max(point.corrections for cell in cells for point in cell.curve) or 1
    width = _LEFT + len(shifts) * (_WIDTH + _GAP)
    height = _TOP + _HEIGHT + _FOOT
    svg = ET.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
    )
    svg.set("font-family", "sans-serif")
    svg.set("font-size", "11")
    ET.SubElement(svg, "rect", width="100%", height="100%", fill="white")
    for column, shift in enumerate(shifts):
        curves = {
            method: mean_curve(found)
            for method in methods
            if (found := [c for c in cells if (c.shift, c.method) == (shift, method)])
        }
        x = _LEFT + column * (_WIDTH + _GAP)
        _panel(svg, x, shift, most, column == 0)
        _lines(svg, x, most, methods, curves)
    _legend(svg, methods, height)
    ET.indent(svg)
    path.write_text(ET.tostring(svg, encoding="unicode") + "\n")


def _panel(svg: ET.Element, x: float, shift: str, most: int, numbers: bool) -> None:
    frame = ET.SubElement(svg, "rect", x=f"{x}", y=f"{_TOP}", width=f"{_WIDTH}", fill="none")
    frame.set("height", f"{_HEIGHT}")
    frame.set("stroke", "#888888")
    _text(svg, x + _WIDTH / 2, _TOP - 10, shift, "middle", "bold")
    for success in (0.0, 0.5, 1.0):
        y = _y(success)
        _rule(svg, x, y, "#dddddd", "")
        if numbers:
            _text(svg, x - 6, y + 4, f"{success:g}", "end")
    _rule(svg, x, _y(GOAL), "#888888", "3 3")
    step = next(s for s in (1, 2, 5, 10, 50, 1000) if most / s <= 6)
    for count in range(0, most + 1, step):
        _text(svg, x + count / most * _WIDTH, _TOP + _HEIGHT + 15, f"{count}", "middle")


def _lines(
    svg: ET.Element,
    x: float,
    most: int,
    methods: Sequence[str],
    curves: Mapping[str, Curve],
) -> None:
    for method, curve in curves.items():
        place = methods.index(method)
        colour = COLOURS[place % len(COLOURS)]
        points = [(x + count / most * _WIDTH, _y(success)) for count, success in curve]
        line = ET.SubElement(svg, "polyline", fill="none", stroke=colour)
        line.set("points", " ".join(f"{px:.1f},{py:.1f}" for px, py in points))
        line.set("stroke-width", "2")
        line.set("stroke-dasharray", _DASHES[place % len(_DASHES)] or "none")
        for px, py in points:
            ET.SubElement(svg, "circle", cx=f"{px:.1f}", cy=f"{py:.1f}", r="2.5", fill=colour)


def _legend(svg: ET.Element, methods: Sequence[str], height: float) -> None:
    middle = _TOP + _HEIGHT + 31
    _text(svg, _LEFT, middle, "corrections; above, success on unseen scenes; dashed 0.95", "start")
    x = _LEFT
    for place, method in enumerate(methods):
        line = ET.SubElement(svg, "line", x1=f"{x}", x2=f"{x + 22}", y1=f"{height - 14}")
        line.set("y2", f"{height - 14}")
        line.set("stroke", COLOURS[place % len(COLOURS)])
        line.set("stroke-width", "2")
        line.set("stroke-dasharray", _DASHES[place % len(_DASHES)] or "none")
        _text(svg, x + 28, height - 10, method, "start")
        x += 44 + 7 * len(method)


def _y(success: float) -> float:
    return _TOP + (1.0 - success) * _HEIGHT


def _rule(svg: ET.Element, x: float, y: float, colour: str, dashes: str) -> None:
    line = ET.SubElement(svg, "line", x1=f"{x}", x2=f"{x + _WIDTH}", y1=f"{y}", y2=f"{y}")
    line.set("stroke", colour)
    line.set("stroke-dasharray", dashes or "none")


def _text(
    svg: ET.Element, x: float, y: float, text: str, anchor: str, weight: str = "normal"
) -> None:
    element = ET.SubElement(svg, "text", x=f"{x:.1f}", y=f"{y:.1f}")
    element.set("text-anchor", anchor)
    element.set("font-weight", weight)
    element.set("fill", "#333333")
    element.text = text
