"""Why an arm holds: short names for the record, sentences for people."""

from enum import StrEnum

from teleop.messages import SessionMode


class Hold(StrEnum):
    """The cause, by the name that it has in `Step.limits_hit`."""

    NONE = ""
    IDLE = "idle"
    STOPPED = "stopped"
    ORDERED = "ordered"
    REWOUND = "rewound"
    BROKEN_OFF = "rewind_broken_off"
    NO_CHUNK_YET = "no_chunk_yet"
    STALE_CHUNK = "stale_chunk"
    STALE_CAMERA = "stale_camera"
    STALE_DEVICE = "stale_device"
    STALE_VIEW = "stale_view"
    NOT_CENTRED = "not_centred"
    ASKED_FOR_HELP = "asked_for_help"
    POLICY_DROPPED_OUT = "policy_dropped_out"
    CAMERA_DROPPED_OUT = "camera_dropped_out"


# What somebody asked for or what is always so at a beginning: told, but no fault.
EXPECTED = frozenset(
    {
        Hold.NONE,
        Hold.IDLE,
        Hold.STOPPED,
        Hold.ORDERED,
        Hold.REWOUND,
        Hold.BROKEN_OFF,
        Hold.NO_CHUNK_YET,
    }
)

_GIVE = "give it back (G) or drive it"

SENTENCES: dict[Hold, str] = {
    Hold.NONE: "",
    Hold.IDLE: "Nothing is running: start a rollout or a demonstration.",
    Hold.STOPPED: "The session is stopped: release the stop first.",
    Hold.ORDERED: f"It holds as ordered: {_GIVE}.",
    Hold.REWOUND: "It has gone back to before the failure: drive on, or give it back (G).",
    Hold.BROKEN_OFF: "The way back was broken off: drive on, or give it back (G).",
    Hold.NO_CHUNK_YET: "The policy has not planned yet since it got the arm.",
    Hold.STALE_CHUNK: "The policy is silent: the arm holds.",
    Hold.STALE_CAMERA: "A camera is silent, and the policy does not act on an old picture.",
    Hold.STALE_DEVICE: "The operator's device is silent: the arm stays theirs and holds.",
    Hold.STALE_VIEW: "Every camera is silent: the operator's arm holds until there is a picture.",
    Hold.NOT_CENTRED: "The device was gone and came back deflected: let it go once.",
    Hold.ASKED_FOR_HELP: "The policy asks for help: take the arm over.",
    Hold.POLICY_DROPPED_OUT: f"The policy fell silent for too long: {_GIVE}.",
    Hold.CAMERA_DROPPED_OUT: f"A camera fell silent for too long: {_GIVE}.",
}

_ALONE: dict[Hold, str] = {  # in a demonstration there is no policy to give the arm to
    Hold.ORDERED: "It holds as ordered: drive it, or let both arms go on (F8).",
    Hold.REWOUND: "It has gone back along its own path: drive on.",
    Hold.BROKEN_OFF: "The way back was broken off: drive on.",
}


def sentence_of(hold: Hold, mode: SessionMode) -> str:
    """Return why an arm holds in a session of that mode, and what to do."""
    alone = _ALONE.get(hold) if mode is SessionMode.TELEOP else None
    return alone or SENTENCES[hold]
