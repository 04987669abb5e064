"""Puts a table of chosen keys into force: shortcuts, motion keys, what is printed."""

from collections.abc import Collection

from gui.action_spec import ActionSpec
from gui.actions import ACTIONS, Actions
from gui.key_table import KeyTable, keys_of, meaning_of, plain


def use_keys(commands: Actions, table: KeyTable, pedals: Collection[str]) -> None:
    """Let `commands` and whoever listens to it go by `table` from now on.

    Args:
        commands: the table of actions.
        table: the chosen keys.
        pedals: keys that are pedals; what a page does by one of them has no key.
    """
    commands.rebind(
        {
            spec.does: keys
            for spec in ACTIONS
            if (keys := _present(spec, table, pedals)) != spec.keys
        }
    )
    commands.keys_changed.emit(table)


def _present(spec: ActionSpec, table: KeyTable, pedals: Collection[str]) -> tuple[str, ...]:
    keys = keys_of(table, meaning_of(spec))
    return tuple(key for key in keys if not (spec.only_shown and plain(key) in pedals))
