import os

import pytest

from teleop.stolen_time import Theft, stolen_s

STAT = "cpu  10 20 30 40 50 60 70 {} 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\nintr 1 2\n"


def test_stolen_time_is_read_from_the_line_of_all_cores():
    assert stolen_s(STAT.format(350)) == pytest.approx(350 / os.sysconf("SC_CLK_TCK"))


def test_a_system_that_does_not_tell_has_stolen_nothing():
    assert stolen_s("") == stolen_s("cpu 1 2 3\n") == 0.0


def test_what_is_stolen_is_told_by_the_second():
    assert 0.0 <= Theft().ms_a_second() <= 1000.0
