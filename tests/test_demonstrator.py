import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleop.arbiter import ArbiterInputs, decide
from teleop.chunks import NO_PROPOSAL
from teleop.config import ConfigError, TakeoverConfig
from teleop.demonstrator import Pushes, deflection_for
from teleop.device_messages import DeviceReading
from teleop.messages import frozen_array
from teleop.ownership import ArbiterState

TAKEOVER = TakeoverConfig()
SPEED = st.floats(-0.05, 0.05)


@given(st.lists(SPEED, min_size=12, max_size=12))
def test_the_arbiter_asks_for_the_twist_that_the_deflection_was_made_for(values: list[float]):
    twist = np.array(values).reshape(2, 6)
    deflection = deflection_for(twist, TAKEOVER)
    reading = DeviceReading(5, "expert", frozen_array(deflection))
    inputs = ArbiterInputs(5, reading, NO_PROPOSAL, frozen_array(np.zeros(2)))
    asked = decide(ArbiterState(), inputs, TAKEOVER).operator.twist
    assert asked == pytest.approx(twist, abs=1e-6)


def test_no_motion_is_no_deflection():
    assert not deflection_for(np.zeros((2, 6)), TAKEOVER).any()


def test_pushes_out_of_range_are_refused():
    with pytest.raises(ConfigError, match="linear"):
        Pushes(linear=0.5)
