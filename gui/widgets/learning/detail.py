"""One policy version: where it comes from, what the gate said and why, and its button."""

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gui import theme
from gui.learner_view import LearnerView, episode_text, made_text, report_of, seconds_text
from gui.texts import learning as texts
from gui.widgets.learning.bars import Bars, check_bars
from gui.widgets.panel import Panel, TextLabel
from teleop.learner_messages import VersionReport


class VersionDetail(Panel):
    """The version that is chosen in the table.

    Signals:
        serve_wanted: the version to serve from now on.
    """

    serve_wanted = Signal(int)

    def __init__(self, look: theme.Theme, parent: QWidget) -> None:
        super().__init__(texts.VERSION, parent)
        self._look = look
        self._version = -1
        self.name = TextLabel("value", "", name=texts.CHOSEN_NAME)
        self.origin = TextLabel("small", texts.NO_VERSION, name=texts.ORIGIN_NAME)
        self.verdict = TextLabel("text", "", name=texts.GATE_NAME)
        for label in (self.origin, self.verdict):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.checks = Bars(look, self)
        self.checks.setAccessibleName(texts.CHECKS_NAME)
        self.serve = QPushButton(texts.SERVE_THIS, self)
        self.serve.setAutoDefault(False)
        self.serve.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.serve.setEnabled(False)
        self.serve.clicked.connect(lambda: self.serve_wanted.emit(self._version))
        self.title_row.insertWidget(1, self.name, 100)
        self.title_row.addWidget(self.serve)
        for widget in (self.origin, self.verdict, self.checks):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    @property
    def version(self) -> int:
        """The one that is shown; -1: none."""
        return self._version

    def show_version(self, view: LearnerView, version: int) -> None:
        """Show `version`; the newest where that one is not known."""
        report = report_of(view, version)
        if report is None and view.versions:
            report = view.versions[0]
            version = report.version
        self._version = -1 if report is None else version
        serving = version == view.serving
        self.serve.setEnabled(report is not None and not serving)
        self.serve.setText(texts.SERVES_NOW if serving else serve_text(view, version))
        self.serve.setVisible(report is not None)
        if report is None:
            return
        self.name.show_text(f"v{version} · {made_text(view, version)}")
        self.origin.show_text(origin_text(report))
        self.verdict.show_text(gate_text(report))
        ink = self._look.text if report.accepted else self._look.limit
        self.verdict.setStyleSheet(f"color: {ink}; font-size: {theme.SMALL}px; font-weight: bold")
        self.checks.show_bars(check_bars(report.checks))


def serve_text(view: LearnerView, version: int) -> str:
    """Return what the button does."""
    return texts.ROLL_BACK_TO_THIS if 0 <= version < view.serving else texts.SERVE_THIS


def gate_text(report: VersionReport) -> str:
    """Return the gate's verdict in words."""
    if report.accepted:
        told = report.reason if not report.checks else ""  # the checks stand below, one by one
        return f"✔ {told}" if told else texts.PASSED
    return f"✘ Refused: {report.reason or texts.NO_REASON}"


def origin_text(report: VersionReport) -> str:
    """Return which version and which corrections it was made of, when and how long."""
    parts: list[str] = []
    if report.parent >= 0:
        parts.append(f"from v{report.parent}")
    count = len(report.corrections)
    if count:
        names = ", ".join(episode_text(each).removeprefix("episode ") for each in _newest(report))
        more = ", …" if count > 4 else ""
        parts.append(f"{count} corrected episode{'s' if count > 1 else ''} ({names}{more})")
    if report.updates > 0:
        parts.append(f"{report.updates} updates by {report.method} in {seconds_text(report.fit_s)}")
    if report.created_ns > 0:
        made = QDateTime.fromMSecsSinceEpoch(report.created_ns // 1_000_000)
        parts.append(made.toString("HH:mm:ss"))
    return " · ".join(parts)


def _newest(report: VersionReport) -> tuple[str, ...]:
    return tuple(sorted(report.corrections, reverse=True)[:4])
