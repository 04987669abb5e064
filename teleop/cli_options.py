"""A verb's command line from its frozen dataclass, in one style for every verb."""

from typing import TypeVar

import tyro

Options = TypeVar("Options")


def parse(options: type[Options], arguments: list[str], *, prog: str, description: str) -> Options:
    """Return `options` filled in from `arguments`.

    The string under each field is its help; a boolean that is off by default becomes one flag.
    `--help` prints the page and leaves with 0; a wrong command line explains itself and leaves
    with 2.

    Args:
        options: a frozen dataclass; nested ones become dotted flags, unions subcommands.
        arguments: what follows the verb.
        prog: how the user called it, such as `nudge doctor`.
        description: what the verb does, shown on top of its help page.

    Raises:
        SystemExit: after `--help` (0) or a wrong command line (2).
    """
    return tyro.cli(
        options,
        prog=prog,
        description=description,
        args=arguments,
        config=(tyro.conf.FlagCreatePairsOff,),
    )
