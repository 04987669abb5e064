"""Runs one verb of `nudge` as a child that stands back for the robot; no thread, no waiting."""

import contextlib
import os
import sys

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

MODULE = "teleop.cli"
NICENESS = 10
PATIENCE_MS = 2000  # for a child that was told to end


class VerbChild(QObject):
    """One child at a time.

    Signals:
        line: a line that it wrote to stderr.
        ended: whether it left with exit code 0, and all it wrote to stdout.
    """

    line = Signal(str)
    ended = Signal(bool, bytes)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._rest = b""

    @property
    def running(self) -> bool:
        """Whether there is one."""
        return self._process is not None

    def start(self, *arguments: str) -> None:
        """Start `nudge` with `arguments`, in place of one that still runs."""
        self.stop()
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name, value in (("PYTHONUNBUFFERED", "1"), ("OMP_NUM_THREADS", "1")):
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.started.connect(self._stand_back)
        process.readyReadStandardError.connect(self._read)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)
        self._process, self._rest = process, b""
        process.start(sys.executable, ["-m", MODULE, *arguments])

    def stop(self) -> None:
        """End the child without a word of it. Idempotent."""
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)
        process.terminate()
        if not process.waitForFinished(PATIENCE_MS):
            process.kill()
            process.waitForFinished(PATIENCE_MS)
        process.deleteLater()

    def _stand_back(self) -> None:
        if self._process is not None:
            with contextlib.suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, self._process.processId(), NICENESS)

    def _read(self) -> None:
        if self._process is None:
            return
        *lines, self._rest = (self._rest + self._process.readAllStandardError().data()).split(b"\n")
        for line in lines:
            self.line.emit(line.decode(errors="replace"))

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        self._read()
        if self._rest:
            self.line.emit(self._rest.decode(errors="replace"))
        output = process.readAllStandardOutput().data()
        self._process, self._rest = None, b""
        process.deleteLater()
        self.ended.emit(code == 0 and status is QProcess.ExitStatus.NormalExit, bytes(output))

    def _fail(self, error: QProcess.ProcessError) -> None:
        process = self._process
        if process is None or error is not QProcess.ProcessError.FailedToStart:
            return  # `finished` comes too
        self._process = None
        self.line.emit(process.errorString())
        process.deleteLater()
        self.ended.emit(False, b"")
