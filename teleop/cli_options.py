"""A verb's command line from its frozen dataclass, in one style for every verb."""

import re
import textwrap
from functools import partial
from typing import TypeVar

import tyro

Options = TypeVar("Options")
_WIDTH = 80
_ENTRY = re.compile(r" +\S+ {2,}")  # of a list of names, each with its explanation


def parse(
    options: type[Options],
    arguments: list[str],
    *,
    prog: str,
    description: str,
    default: Options | None = None,
) -> Options:
    """Return `options` filled in from `arguments`.

    The string under each field is its help; a boolean that is off by default becomes one flag.
    `--help` prints the page and leaves with 0; a wrong command line explains itself and leaves
    with 2.

    Args:
        options: a frozen dataclass; nested ones become dotted flags, unions subcommands.
        arguments: what follows the verb.
        prog: how the user called it, such as `nudge doctor`.
        description: what the verb does, shown on top of its help page.
        default: its values stand for flags that are not given; None: the fields' own defaults.

    Raises:
        SystemExit: after `--help` (0) or a wrong command line (2).
    """
    cli = partial(
        tyro.cli,
        options,
        prog=prog,
        description=folded(description),
        args=arguments,
        config=(tyro.conf.FlagCreatePairsOff,),
    )
    return cli() if default is None else cli(default=default)


def folded(text: str) -> str:
    """The text with its lists folded to 80 columns; other lines are tyro's to fold."""
    lines: list[str] = []
    for line in text.splitlines():
        entry = _ENTRY.match(line)
        indent = " " * entry.end() if entry else ""
        fold = textwrap.wrap(line, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)
        lines += fold if entry else [line]
    return "\n".join(lines)
