"""Every colour, size and font of the window. Nothing else in `gui/` names a colour.

The colours of who leads an arm were chosen by contrast and under simulated colour-vision types; a
test computes both again. Red and amber mean "act now" and "take care", and nothing else uses them.
"""

from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from gui.view import Lead
from teleop.assets import asset_path
from teleop.errors import SetupError

FAMILY = "DejaVu Sans Condensed"
FONT_FILES = ("fonts/DejaVuSansCondensed.ttf", "fonts/DejaVuSansCondensed-Bold.ttf")

# Pixel sizes: a value is read at 0.7 m (about 20 arc minutes), the banner at 2 m.
SMALL = 14
TEXT = 16
VALUE = 21
PROMPT = 24  # what to do now
BANNER = 58
COUNTDOWN = 220
ROW = 34  # of what is set per arm, under the banner
GAP = 6  # between panels
FRAME = 5  # of the whole window, in the colour of the most alert arm


@dataclass(frozen=True)
class LeadColours:
    """How one leader of an arm is drawn."""

    fill: str
    text: str
    hatch: str  # stripes over the fill; empty: none


LEADS: dict[Lead, LeadColours] = {
    Lead.POLICY: LeadColours("#56B4E9", "#000000", ""),
    Lead.OPERATOR: LeadColours("#FFFFFF", "#000000", ""),
    Lead.REWIND: LeadColours("#8E24AA", "#FFFFFF", ""),
    Lead.HOLD: LeadColours("#6B7280", "#FFFFFF", "#5E6572"),
    Lead.STOPPED: LeadColours("#C62828", "#FFFFFF", ""),
    Lead.FAULT: LeadColours("#C62828", "#FFFFFF", "#B31F1F"),
    Lead.NO_DATA: LeadColours("#15181C", "#C9D1DB", "#21262D"),
}


@dataclass(frozen=True)
class Theme:
    """The colours of one look."""

    window: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    focus: str
    amber: str = "#F0A500"
    amber_text: str = "#000000"
    red: str = "#C62828"
    red_text: str = "#FFFFFF"
    stop: str = "#FF8A1F"
    stop_text: str = "#000000"
    good: str = "#3FBF8A"
    # Curves: x, y, z and the magnitude; told apart by their labels too.
    x: str = "#E58FC0"
    y: str = "#3FBF8A"
    z: str = "#56B4E9"
    magnitude: str = "#FFFFFF"
    limit: str = "#FF6B6B"
    success: str = "#56B4E9"
    intervention: str = "#E58FC0"
    operator_time: str = "#8A93A0"


DARK = Theme(
    window="#15181C",
    panel="#1D2228",
    raised="#2B323B",
    line="#3B444F",
    text="#EDF0F3",
    dim="#AAB4C0",
    focus="#FFD866",
)
LIGHT = Theme(
    window="#E9ECEF",
    panel="#FFFFFF",
    raised="#DCE1E6",
    line="#B4BCC6",
    text="#16191D",
    dim="#49525D",
    focus="#0B57D0",
    good="#0B6B47",
    x="#A3216F",
    y="#0B6B47",
    z="#0B5C94",
    magnitude="#16191D",
    limit="#B3161B",
    success="#0B5C94",
    intervention="#A3216F",
    operator_time="#6B7280",
)
THEMES = {"dark": DARK, "light": LIGHT}


@cache
def font(pixels: int, *, bold: bool = False) -> QFont:
    """Return the window's font at `pixels` high; the same one every time, not to be changed."""
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made


def load_fonts() -> None:
    """Register the bundled fonts, so that the look does not depend on the machine.

    Raises:
        SetupError: a font file is missing or broken.
    """
    for name in FONT_FILES:
        path = asset_path(name)
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise SetupError(f"The font {path} cannot be loaded; install Nudge again.")


def palette(theme: Theme) -> QPalette:
    """Return the Fusion palette of `theme`."""
    made = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, theme.window),
        (QPalette.ColorRole.Base, theme.panel),
        (QPalette.ColorRole.AlternateBase, theme.raised),
        (QPalette.ColorRole.Button, theme.raised),
        (QPalette.ColorRole.WindowText, theme.text),
        (QPalette.ColorRole.Text, theme.text),
        (QPalette.ColorRole.ButtonText, theme.text),
        (QPalette.ColorRole.ToolTipBase, theme.raised),
        (QPalette.ColorRole.ToolTipText, theme.text),
        (QPalette.ColorRole.PlaceholderText, theme.dim),
        (QPalette.ColorRole.Highlight, theme.focus),
        (QPalette.ColorRole.HighlightedText, theme.window),
        (QPalette.ColorRole.Mid, theme.line),
    ):
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Text):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.dim))
    return made


def style_sheet(theme: Theme) -> str:
    """Return the few rules that a palette cannot say."""
    return f"""
    QFrame#panel {{ background: {theme.panel}; border: 1px solid {theme.line};
                    border-radius: 6px; }}
    QFrame#panel[chosen="true"] {{ border: 2px solid {theme.text}; }}
    QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ color: {theme.dim}; font-size: {SMALL}px; font-weight: bold; }}
    QLabel[role="dim"] {{ color: {theme.dim}; font-size: {TEXT}px; }}
    QLabel[role="small"] {{ color: {theme.dim}; font-size: {SMALL}px; }}
    QLabel[role="text"] {{ font-size: {TEXT}px; }}
    QLabel[role="value"] {{ font-size: {VALUE}px; font-weight: bold; }}
    QLabel[role="prompt"] {{ font-size: {PROMPT}px; font-weight: bold; }}
    QLabel[role="count"] {{ font-size: {BANNER}px; font-weight: bold; }}
    QLabel[level="warning"] {{ color: {theme.amber_text}; background: {theme.amber};
                               border-radius: 4px; padding: 0 6px; }}
    QLabel[level="error"] {{ color: {theme.red_text}; background: {theme.red};
                             border-radius: 4px; padding: 0 6px; }}
    QLineEdit {{ background: {theme.window}; border: 1px solid {theme.line}; border-radius: 4px;
                 padding: 4px 8px; font-size: {TEXT}px; }}
    QLineEdit:focus {{ border: 2px solid {theme.focus}; }}
    QLineEdit[level="error"] {{ border: 2px solid {theme.limit}; }}
    QLineEdit:disabled {{ color: {theme.dim}; }}
    QCheckBox::indicator {{ width: 15px; height: 15px; border: 2px solid {theme.dim};
                            border-radius: 3px; background: {theme.window}; }}
    QCheckBox::indicator:checked {{ background: {theme.text}; }}
    QCheckBox::indicator:focus {{ border: 2px solid {theme.focus}; }}
    QTabWidget::pane {{ background: {theme.window}; border: 1px solid {theme.line}; }}
    QProgressBar {{ background: {theme.window}; border: 1px solid {theme.line};
                    border-radius: 4px; }}
    QProgressBar::chunk {{ background: {theme.success}; border-radius: 3px; }}
    QFrame#setting {{ border: none; border-bottom: 1px solid {theme.line}; }}
    QFrame#setting[changed="true"] {{ background: {theme.panel};
                                      border-left: 5px solid {theme.text}; }}
    QLabel[role="changed"] {{ font-size: {TEXT}px; font-weight: bold; }}
    QListWidget#parts {{ border: 1px solid {theme.line}; border-radius: 6px;
                         background: {theme.panel}; padding: 4px; }}
    QListWidget#parts::item {{ padding: 7px 6px; }}
    QListWidget#parts::item:selected {{ background: {theme.raised}; color: {theme.text};
                                        border-left: 5px solid {theme.text}; }}
    QWidget#form {{ background: {theme.window}; }}
    QToolTip {{ color: {theme.text}; background: {theme.raised}; border: 1px solid {theme.line}; }}
    """


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole program its look.

    Raises:
        SetupError: a bundled font is missing.
    """
    load_fonts()
    app.setStyle("Fusion")
    app.setFont(font(TEXT))
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
