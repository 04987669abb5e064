"""Changes look and scale while the window is open: what becomes of a wish, as a pure function.

Qt settles its scale when it starts, and every widget has its colours from its making. So the
window's process begins anew, in the same place and on the same page. The robot does not notice a
window that goes and comes; but held keys and the puck's clutch are let go, so this is refused while
an arm is in the operator's hand.
"""

from dataclasses import dataclass

import msgspec

from gui.texts import shell
from gui.view import ArmView, Lead
from gui.window_memory import LOOKS, SCALES, WindowMemory, stepped

DRIVEN = (Lead.OPERATOR, Lead.REWIND)
SMALLEST = (1280, 800)  # logical pixels that the window needs


@dataclass(frozen=True)
class Wish:
    """What is to be changed.

    Attributes:
        other_look: dark becomes light, light becomes dark.
        larger: steps of the scale.
    """

    other_look: bool = False
    larger: int = 0


@dataclass(frozen=True)
class Verdict:
    """What becomes of a wish.

    Attributes:
        memory: the window to begin anew with; None: nothing changes.
        refusal: why nothing changes, a sentence.
    """

    memory: WindowMemory | None = None
    refusal: str = ""


def judged(
    wish: Wish,
    memory: WindowMemory,
    arms: tuple[ArmView, ...],
    screen: tuple[float, float],
) -> Verdict:
    """Say what becomes of `wish`.

    Args:
        wish: what is to be changed.
        memory: how the window is now.
        arms: as control reports them.
        screen: width and height of the screen at scale 1, in pixels.
    """
    driven = [view.arm.name for view in arms if view.lead in DRIVEN]
    if driven:
        return Verdict(refusal=shell.arms_in_hand(driven))
    if wish.other_look:
        look = LOOKS[memory.look == LOOKS[0]]
        return Verdict(msgspec.structs.replace(memory, look=look))
    scale = stepped(memory.scale, wish.larger)
    if scale == (memory.scale or SCALES[0]):
        return Verdict(refusal=shell.scale_at_end(scale))
    if wish.larger > 0 and (screen[0] < SMALLEST[0] * scale or screen[1] < SMALLEST[1] * scale):
        return Verdict(refusal=shell.screen_too_small(scale, SMALLEST, screen))
    return Verdict(msgspec.structs.replace(memory, scale=scale))
