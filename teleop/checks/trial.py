"""Tries something in a process of its own, which may crash or hang."""

import subprocess
import sys
from collections.abc import Mapping


def tried(program: str, environ: Mapping[str, str], limit_s: float) -> tuple[str, bool]:
    """Run a Python `program`; return its last line, or why it failed, and whether it worked."""
    command = [sys.executable, "-c", program]
    try:
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {limit_s:.0f} s", False
    if done.returncode == 0:
        return done.stdout.strip().splitlines()[-1], True
    lines = done.stderr.strip().splitlines() or [f"the trial ended with code {done.returncode}"]
    return lines[-1], False
