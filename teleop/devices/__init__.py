"""The operator's input devices; each implements `teleop.interfaces.Device`.

spacemouse     all pucks as one device; begin to read here
  puck_ids, puck_models    which models there are, and which of their bits means what
  hid, hid_handle          finding and opening them
  puck_reports             from report to state; pure
  puck_reader              one thread that reads one puck
  puck_roster, binding     who is who, and whose arm it is
  puck_merge, puck_seen    one reading of all; what the operator is told of each
  rest, calibration, drift, rest_watch    what a puck does while nobody touches it
profile, profile_store     how a device is read, and where that is kept
"""
