"""A program's verbs as a table of names and targets, imported only when called.

Printing the help or the version of the whole program therefore costs milliseconds, and a layer
may name a verb of a layer above it without importing it (docs/decisions/0002).
"""

import difflib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from teleop.named_function import named_function


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of a program.

    Attributes:
        name: what the user types.
        target: `module:function`; the function takes the remaining arguments and returns the
            exit code.
        summary: one line for the help page.
        group: heading under which the help page lists it. A table keeps its groups together.
    """

    name: str
    target: str
    summary: str
    group: str = "Verbs"

    def load(self) -> Callable[[list[str]], int]:
        """Import the target's module and return its function."""
        return named_function(self.target)


def help_page(prog: str, intro: str, verbs: Sequence[Verb], options: str = "") -> str:
    """Return the page that lists every verb under its group."""
    lines = [f"usage: {prog} VERB [options]", "", intro]
    width = max(len(verb.name) for verb in verbs)
    for group, members in groupby(verbs, key=lambda verb: verb.group):
        lines += ["", f"{group}:"]
        lines += [f"  {verb.name:<{width}}  {verb.summary}" for verb in members]
    if options:
        lines += ["", options]
    lines += ["", f"`{prog} VERB --help` explains one verb."]
    return "\n".join(lines) + "\n"


def unknown_verb(prog: str, name: str, verbs: Sequence[Verb]) -> str:
    """Return the sentence for a name that is not in the table, with the nearest that is."""
    names = [verb.name for verb in verbs]
    near = difflib.get_close_matches(name, names, n=1)
    guess = f" Did you mean '{near[0]}'?" if near else ""
    return f"{prog}: there is no verb '{name}'.{guess} Known: {', '.join(names)}.\n"


def dispatch(
    prog: str, intro: str, verbs: Sequence[Verb], arguments: list[str], options: str = ""
) -> int:
    """Run the verb named first in `arguments` with the rest of them; return its exit code.

    Without a verb, or with `--help`, the help page is printed. An unknown verb is exit code 2.
    """
    if not arguments or arguments[0] in ("-h", "--help"):
        sys.stdout.write(help_page(prog, intro, verbs, options))
        return 0 if arguments else 2
    name, *rest = arguments
    for verb in verbs:
        if verb.name == name:
            return verb.load()(rest)
    sys.stderr.write(unknown_verb(prog, name, verbs))
    return 2
