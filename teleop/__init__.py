"""The control process, and what every process shares: messages, seams, bus, devices and robots.

Nothing here imports torch, PySide6 or h5py, so that a control tick never waits for them.
"""

__version__ = "0.1.0"
