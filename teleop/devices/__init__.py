"""The operator's input devices; each implements `teleop.interfaces.Device`."""
