"""The parts of the recorder's process; `recorder.service` puts them together."""
