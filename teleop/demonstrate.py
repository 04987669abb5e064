"""`nudge demonstrate`: a session without a policy, whose window counts demonstrations.

It is `nudge session --policy none`, with every option of that: the operator drives, nothing is
served and nothing learns. The window opens on the page Demonstrate.
"""

from dataclasses import replace

from teleop.cli_options import parse
from teleop.config import NO_POLICY
from teleop.errors import ConfigError
from teleop.preset_option import preset_config
from teleop.session import SessionOptions, run


def main(arguments: list[str]) -> int:
    """Run a session for demonstrations until Ctrl-C or SIGTERM; return the exit code.

    Raises:
        ConfigError: a policy was named.
    """
    config = replace(preset_config(arguments), policy=NO_POLICY)
    options = parse(
        SessionOptions,
        arguments,
        prog="nudge demonstrate",
        description=__doc__ or "",
        default=SessionOptions(config=config),
    )
    if options.config.has_policy:
        raise ConfigError(
            f"`nudge demonstrate` runs no policy, so --policy {options.config.policy} cannot be "
            f"served: use `nudge session --policy {options.config.policy}`."
        )
    return run(options)
