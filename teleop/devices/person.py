"""How good a scripted operator is: delays, speeds, unsteadiness, mistakes."""

from dataclasses import dataclass, field

from teleop.config import require
from teleop.devices.attention import Patience


@dataclass(frozen=True)
class OperatorProfile:
    """How good the person is."""

    perception_s: float = 0.12
    """the eye's delay"""
    reaction_s: tuple[float, float] = (0.2, 0.5)
    """from noticing to moving, least and most"""
    patience: Patience = field(default_factory=Patience)
    linear_speed: float = 0.03
    """m/s at most"""
    angular_speed: float = 0.25
    """rad/s at most"""
    gain: float = 0.8
    """share of the ideal motion that is made; the rest is caution"""
    hand_s: float = 0.06
    """time constant of the hand; with the perception delay it makes the overshoot"""
    wander: float = 0.12
    """slow error of direction, as a share of the motion"""
    tremor: float = 0.015
    """deflection"""
    wrong_rate: float = 0.05
    """chance that a takeover begins in a wrong direction"""
    wrong_s: float = 0.4
    """how long that lasts"""
    contrary_every: int = 0
    """every so many takeovers one goes the wrong way until it is given up; 0: none"""
    contrary_s: float = 1.5
    """after which it is given up"""

    def __post_init__(self) -> None:
        require("perception_s", self.perception_s, 0.0, 1.0, "s")
        require("linear_speed", self.linear_speed, 0.001, 0.5, "m/s")
        require("angular_speed", self.angular_speed, 0.001, 3.0, "rad/s")
        require("hand_s", self.hand_s, 0.001, 1.0, "s")
        require("wrong_rate", self.wrong_rate, 0.0, 1.0, "of the takeovers")
        require("contrary_every", self.contrary_every, 0, 1000, "takeovers")
        require("contrary_s", self.contrary_s, 0.1, 60.0, "s")


_GOOD = OperatorProfile()
WORSE = OperatorProfile(
    perception_s=2 * _GOOD.perception_s,
    reaction_s=(2 * _GOOD.reaction_s[0], 2 * _GOOD.reaction_s[1]),
    wander=2 * _GOOD.wander,
    tremor=2 * _GOOD.tremor,
    wrong_rate=2 * _GOOD.wrong_rate,
    contrary_every=5,
)
"""Sees and reacts half as fast, is twice as unsteady, and is plainly wrong every fifth time."""
