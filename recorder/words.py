"""Lengths, sizes and losses as people read them."""


def length_text(seconds: float) -> str:
    """A length of time: "12.3 s", "4:05 min", "2:03 h"; nothing where it is not known."""
    if seconds <= 0:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
    return f"{int(seconds) // 3600}:{int(seconds) % 3600 // 60:02d} h"


def bytes_text(size: float) -> str:
    """A number of bytes: "820 B", "3.1 MB", "12.0 GB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def lost_text(steps: int, images: int, samples: int) -> str:
    """What is missing: "3 rows, 1 image"; nothing if nothing is."""
    parts = ((steps, "row"), (images, "image"), (samples, "sample"))
    return ", ".join(count_text(count, what) for count, what in parts if count)


def count_text(count: int, what: str) -> str:
    """How many: "1 row", "3 rows"."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
