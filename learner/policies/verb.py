"""`nudge policy`: the versions of a session."""

from teleop.verbs import Verb, dispatch

INTRO = (
    "Policy versions of a session: which there are, which is served, and why. Where a session or "
    "version\nis not named, it is the newest session under ./sessions and its serving version."
)

LOOK, SERVE, ELSEWHERE = "Look", "Serve another; every version is kept", "Elsewhere"

VERBS: tuple[Verb, ...] = (
    Verb("list", "learner.policies.listing:main", "the versions, and what the gate said", LOOK),
    Verb("show", "learner.policies.showing:main", "one version: lineage, losses, checks", LOOK),
    Verb("actions", "learner.policies.actions:main", "what versions do on a correction", LOOK),
    Verb("promote", "learner.policies.moving:promote", "serve a version from now on", SERVE),
    Verb("rollback", "learner.policies.moving:rollback", "serve the one before again", SERVE),
    Verb("export", "learner.policies.exporting:main", "a folder that --policy takes", ELSEWHERE),
    Verb("serve", "learner.serve:main", "the process that `session` starts", ELSEWHERE),
)


def main(arguments: list[str]) -> int:
    """Run the verb named first in `arguments`; return its exit code."""
    return dispatch("nudge policy", INTRO, VERBS, arguments)
