"""What an order asks, in the few words that the operator reads."""

from gui.texts import orders as words
from teleop.learner_messages import LearnerOrder, LearnerOrderKind
from teleop.order_messages import Order, OrderKind


def order_text(order: Order) -> str:
    """Return what an order asks, in a few words."""
    asked = _words(order)
    return asked if order.arm is None else words.arm(asked, order.arm.name.lower())


def _words(order: Order) -> str:
    match order.kind:
        case OrderKind.SCRIPTED:
            return words.scripted_operator(order.text)
        case OrderKind.START if order.text:
            return words.START_A_DEMONSTRATION
        case OrderKind.OPERATOR:
            return words.operator(order.text) if order.text else words.OPERATOR_NOT_NAMED
        case OrderKind.STOP:
            return "STOP"
        case OrderKind.AUTHORITY:
            return words.authority(100 * order.value)
        case OrderKind.HELP_BUDGET:
            return words.calls_for_help_an(order.value)
        case OrderKind.CALIBRATE:
            return words.calibrate_device(order.text)
        case OrderKind.CONFIGURE:
            return words.CHANGE_SETTINGS
        case OrderKind.TUNE:
            return (
                words.set_up_device(order.profile.serial)
                if order.profile
                else words.SET_UP_A_DEVICE
            )
        case _:
            return order.kind.value.replace("_", " ").capitalize()


def learner_order_text(order: LearnerOrder) -> str:
    """Return what an order to the learner asks, in a few words."""
    match order.kind:
        case LearnerOrderKind.SERVE:
            return words.serve_v(order.version)
        case LearnerOrderKind.CONSOLIDATE:
            return words.CONSOLIDATE
        case LearnerOrderKind.PAUSE:
            return words.PAUSE_LEARNING
        case LearnerOrderKind.GO_ON:
            return words.GO_ON_LEARNING
