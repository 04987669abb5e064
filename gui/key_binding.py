"""Puts a table of chosen keys into force: shortcuts, motion keys, what is printed."""

from gui.actions import ACTIONS, Actions
from gui.key_table import KeyTable, keys_of, meaning_of, plain


def use_keys(commands: Actions, table: KeyTable) -> None:
    """Let `commands` and whoever listens to it go by `table` from now on."""
    taken = {plain(key) for key in table.own.values()}
    commands.rebind(
        {
            spec.does: keys_of(table, meaning_of(spec))
            for spec in ACTIONS
            if table.key_of(meaning_of(spec)) or taken & {plain(key) for key in spec.keys}
        }
    )
    commands.keys_changed.emit(table)
