"""How the operator's devices stand before the first motion. Pure."""

from gui.preflight_line import CheckLine, Item, Plan, State
from gui.texts import preflight as texts
from gui.view import View
from teleop.device_messages import DeviceLevel, DeviceSeen


def device_line(view: View, plan: Plan) -> CheckLine:
    """There should be one, centred and calibrated; the window's keys drive in every case."""
    if plan.scripted:
        return CheckLine(Item.DEVICE, State.OK, texts.SCRIPTED)
    devices = view.devices
    if devices is None and view.vitals.device:
        value = texts.only(view.vitals.device)
        return CheckLine(Item.DEVICE, State.WARNING, value, texts.NO_DEVICE_ADVICE)
    if devices is None:
        return CheckLine(Item.DEVICE, State.WARNING, texts.NO_DEVICES_TOLD)
    if not devices:
        return CheckLine(Item.DEVICE, State.WARNING, texts.NO_DEVICE, texts.NO_DEVICE_ADVICE)
    lines = [_one(device, plan.centre) for device in devices]
    for state in (State.BLOCKS, State.WARNING):
        for line in lines:
            if line.state is state:
                return line
    names = ", ".join(dict.fromkeys(device.name for device in devices))
    return CheckLine(Item.DEVICE, State.OK, texts.centred(names))


def _one(device: DeviceSeen, centre: float) -> CheckLine:
    if device.level is DeviceLevel.ERROR:
        value = f"{device.name}: {device.text}"
        return CheckLine(Item.DEVICE, State.WARNING, value, texts.DEVICE_ADVICE)
    push = max(abs(value) for value in device.deflection)
    if push >= centre:
        value = texts.pushed(device.name, push)
        return CheckLine(Item.DEVICE, State.BLOCKS, value, texts.PUSHED_ADVICE)
    if not device.profile.calibrated:
        value = texts.uncalibrated(device.name)
        return CheckLine(Item.DEVICE, State.WARNING, value, texts.CALIBRATE_ADVICE)
    if device.level is DeviceLevel.WARNING:
        value = f"{device.name}: {device.text}"
        return CheckLine(Item.DEVICE, State.WARNING, value, texts.DEVICE_ADVICE)
    return CheckLine(Item.DEVICE, State.OK, device.name)
