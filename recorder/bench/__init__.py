"""`nudge bench recorder`: what the recorder is measured with."""
