"""Every label and sentence of the window stands in gui/texts, so that all are read in one place."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GUI = Path(__file__).parent.parent / "gui"
# Tables whose rows are texts and keys at once, and the style sheet.
TABLES = {"actions.py", "action_spec.py", "theme.py", "key_table.py"}
NOT_TOLD = (
    "LOG.",
    "logging.",
    "OrderDesk",
    "setObjectName",
    "setStyleSheet",
    "setProperty",
    "TypeVar",
)
NAMES = {
    "Nudge",
    "nudge gui",
    "Xvfb",
    "F13 F14 PgDn",
    "PgUp F17 F24",
    "Escape",
    "Return",
    "Enter",
    "Esc",
    "PageUp",
    "PageDown",
    "Home",
    "End",
    "Insert",
}


def source_files() -> list[Path]:
    own = [*GUI.glob("*.py"), *GUI.glob("widgets/*.py")]
    return sorted(path for path in own if path.name not in TABLES)


def is_text(value: str) -> bool:
    """Whether an operator would read it: more than one word, or one that begins a label."""
    words = re.findall(r"[A-Za-z]{2,}", value)
    spaced = bool(words) and " " in value.strip()
    return (spaced or bool(re.fullmatch(r"[A-Z][a-z]+", value))) and value not in NAMES


def not_told(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes whose strings nobody reads in the window: docstrings, errors, names, annotations."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Raise():
                yield node
            case ast.ClassDef(bases=bases) if any("Enum" in ast.unparse(base) for base in bases):
                yield node
            case ast.Call(func=function) if any(n in ast.unparse(function) for n in NOT_TOLD):
                yield node
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=annotation):
                if annotation is not None:
                    yield annotation
            case ast.FunctionDef(returns=returns) if returns is not None:
                yield returns
            case _:
                pass


def written(path: Path) -> list[str]:
    """Texts written in a module, with their lines."""
    tree = ast.parse(path.read_text())
    left_out = {id(part) for node in not_told(tree) for part in ast.walk(node)}
    style = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and ";" in ast.unparse(node)
        for part in ast.walk(node)
    }
    return [
        f"{path.name}:{node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in left_out | style
        and is_text(node.value)
    ]


@pytest.mark.parametrize("path", source_files(), ids=lambda path: path.name)
def test_no_label_or_sentence_is_written_in_a_widget(path: Path):
    assert written(path) == []


def test_a_text_that_is_written_in_a_widget_is_found(tmp_path: Path):
    module = tmp_path / "widget.py"
    module.write_text('"""A doc."""\nlabel = make("Take over")\nother = f"{x} steps lost"\n')
    assert len(written(module)) == 2
