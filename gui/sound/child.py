"""The player as the window sees it: a child that is told, never waited for, and kept alive.

`QProcess` writes when the pipe has room. What the child does not take is bounded here, and a child
that does not answer while an alarm sounds is replaced: an alarm must not hang on one process.
"""

import sys

from PySide6.QtCore import QByteArray, QObject, QProcess, QTimer, Signal, Slot

from gui.sound.lines import AlarmOn, Command, Hearing, Play, Say, TryAgain, Volume, line
from gui.sound.lines import read_hearing as read
from gui.texts.sound import NO_PLAYER, PLAYER_ENDED

COMMAND = (sys.executable, "-m", "gui.sound.player")
FIRST_MS, LAST_MS = 250, 10_000  # between a child's end and the next one's start
WAITING_BYTES = 4096  # not taken by the child; tones and words beyond them are dropped
LOOK_MS = 1000
PATIENCE = 4  # looks without an answer while the alarm sounds
AGAIN = 15  # looks between two tries to find an audio device
PARTING_MS = 500


class SoundChild(QObject):
    """Starts the player, tells it what to play, starts it again when it ends.

    Signals:
        told: a `Hearing`: how the player does.
    """

    told = Signal(object)

    def __init__(self, parent: QObject, command: tuple[str, ...] = COMMAND) -> None:
        super().__init__(parent)
        self.hearing = Hearing(False, NO_PLAYER)
        self.starts = 0
        self._command = command
        self._volume: Volume | None = None
        self._alarm = False
        self._unanswered = 0
        self._looks = 0
        self._wait_ms = FIRST_MS
        self._over = True
        self._process = QProcess(self)
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.started.connect(self._greet)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._failed)
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._start)
        self._watch = QTimer(self, interval=LOOK_MS)
        self._watch.timeout.connect(self._look)

    def start(self) -> None:
        """Start the child, and keep it running from now on."""
        self._over = False
        self._watch.start()
        self._start()

    def send(self, command: Command) -> bool:
        """Tell the child; false where it was dropped because too much waits already."""
        if isinstance(command, Volume):
            self._volume = command
        if isinstance(command, AlarmOn):
            self._alarm = command.on
        if isinstance(command, Play | Say) and self._process.bytesToWrite() > WAITING_BYTES:
            return False
        return self._write(command)

    def _write(self, command: Command) -> bool:
        if self._process.state() is not QProcess.ProcessState.Running:
            return False
        self._process.write(QByteArray(line(command)))
        return True

    def close(self) -> None:
        """End the child. Idempotent."""
        self._over = True
        self._watch.stop()
        self._retry.stop()
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(PARTING_MS):
            self._process.kill()
            self._process.waitForFinished(PARTING_MS)

    @Slot()
    def _start(self) -> None:
        if not self._over:
            self.starts += 1
            self._unanswered = 0
            self._process.start(self._command[0], list(self._command[1:]))

    @Slot()
    def _greet(self) -> None:
        if self._volume is not None:
            self.send(self._volume)
        if self._alarm:
            self.send(AlarmOn(True))

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            hearing = read(bytes(self._process.readLine().data()))
            if hearing is not None:
                self._unanswered = 0
                self._wait_ms = FIRST_MS
                self._tell(hearing)

    def _tell(self, hearing: Hearing) -> None:
        if hearing != self.hearing:
            self.hearing = hearing
            self.told.emit(hearing)

    @Slot()
    def _ended(self) -> None:
        if not self._over:
            self._tell(Hearing(False, PLAYER_ENDED))
            self._retry.start(self._wait_ms)
            self._wait_ms = min(2 * self._wait_ms, LAST_MS)

    @Slot(QProcess.ProcessError)
    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._ended()

    @Slot()
    def _look(self) -> None:
        """Have an answer while the alarm sounds; look for a device now and then without one."""
        self._looks += 1
        if self._alarm:
            if self._unanswered >= PATIENCE:
                self._process.kill()
                return
            self._unanswered += 1
            self._write(AlarmOn(True))
        elif not self.hearing.plays and self._looks % AGAIN == 0:
            self.send(TryAgain())
