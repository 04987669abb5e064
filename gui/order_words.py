"""What an order asks, in the few words that the operator reads."""

from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from teleop.order_messages import Order, OrderKind


def order_text(order: Order) -> str:
    """Return what an order asks, in a few words."""
    words = _words(order)
    return words if order.arm is None else f"{words} {order.arm.name.lower()} arm"


def _words(order: Order) -> str:
    match order.kind:
        case OrderKind.SCRIPTED:
            return f"Scripted operator {order.text}"
        case OrderKind.START if order.text:
            return "Start a demonstration"
        case OrderKind.OPERATOR:
            return f"Operator: {order.text}" if order.text else "Operator: not named"
        case OrderKind.STOP:
            return "STOP"
        case OrderKind.AUTHORITY:
            return f"Authority {100 * order.value:.0f} %"
        case OrderKind.HELP_BUDGET:
            return f"{order.value:.0f} calls for help an hour"
        case OrderKind.CALIBRATE:
            return f"Calibrate device {order.text}"
        case OrderKind.CONFIGURE:
            return "Change settings"
        case OrderKind.TUNE:
            return f"Set up device {order.profile.serial}" if order.profile else "Set up a device"
        case _:
            return order.kind.value.replace("_", " ").capitalize()


def learner_order_text(order: LearnerOrder) -> str:
    """Return what an order to the learner asks, in a few words."""
    match order.kind:
        case LearnerOrderKind.SERVE:
            return f"Serve v{order.version}"
        case LearnerOrderKind.CONSOLIDATE:
            return "Consolidate"
        case LearnerOrderKind.PAUSE:
            return "Pause learning"
        case LearnerOrderKind.GO_ON:
            return "Go on learning"
