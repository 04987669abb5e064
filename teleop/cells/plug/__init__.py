"""Dual-arm plug insertion: the left hand holds a two-pin plug, the right hand its socket."""
