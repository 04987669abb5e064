"""The colours are computed, not believed: contrast, and being told apart by every eye."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from gui import theme
from gui.view import Lead

READABLE = 4.5  # WCAG 2.2, AA
VISIBLE = 3.0  # WCAG 2.2, 1.4.11: shapes, lines and bars
APART = 15.0  # CIE76; a just noticeable difference is about 2.3

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> NDArray[np.float64]:
    values = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    weights = np.array((0.2126, 0.7152, 0.0722))
    light, dark = sorted((float(weights @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, eye: str) -> NDArray[np.float64]:
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    white = np.array((0.9505, 1.0, 1.089))
    x, y, z = np.cbrt(np.clip(to_xyz @ np.clip(EYES[eye] @ linear(colour), 0, 1) / white, 1e-4, 1))
    return np.array((116 * y - 16, 500 * (x - y), 200 * (y - z)))


@pytest.mark.parametrize("lead", Lead)
def test_the_banner_can_be_read_in_every_state(lead: Lead):
    colours = theme.LEADS[lead]
    for ground in filter(None, (colours.fill, colours.hatch)):
        assert contrast(colours.text, ground) >= READABLE


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
def test_every_text_can_be_read_on_what_it_stands_on(look: theme.Theme):
    grounds = (look.window, look.panel, look.raised)
    inks = (look.text, look.dim)
    curves = (look.x, look.y, look.z, look.magnitude, look.limit, look.success, look.intervention)
    pairs = [
        *itertools.product(inks, grounds),
        *itertools.product(curves, (look.window, look.panel)),
        (look.amber_text, look.amber),
        (look.red_text, look.red),
        (look.stop_text, look.stop),
        (look.window, look.text),
        (look.operator_time, look.panel),
    ]
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < READABLE} == {}


@pytest.mark.parametrize("eye", EYES)
def test_who_leads_is_told_apart_by_every_eye(eye: str):
    fills = {theme.LEADS[lead].fill for lead in Lead}
    for one, other in itertools.combinations(sorted(fills), 2):
        assert np.linalg.norm(lab(one, eye) - lab(other, eye)) > APART, (one, other)


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
def test_every_shape_is_seen_on_what_it_stands_on(look: theme.Theme):
    grounds = (look.window, look.panel, look.raised)
    shapes = (
        *(look.x, look.y, look.z, look.magnitude, look.limit, look.good),
        *(look.success, look.intervention, look.operator_time, look.focus),
    )
    pairs = list(itertools.product(shapes, grounds))
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < VISIBLE} == {}


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
@pytest.mark.parametrize("lead", Lead)
def test_a_state_stands_out_from_the_window_by_its_fill_or_its_outline(
    lead: Lead, look: theme.Theme
):
    colours = theme.LEADS[lead]
    assert max(contrast(each, look.window) for each in (colours.fill, colours.text)) >= VISIBLE


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
def test_alarms_stand_out_by_their_fill_or_their_ink(look: theme.Theme):
    for fill, ink in (
        (look.amber, look.amber_text),
        (look.red, look.red_text),
        (look.stop, look.stop_text),
    ):
        for ground in (look.window, look.panel):
            assert max(contrast(fill, ground), contrast(ink, ground)) >= VISIBLE


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
@pytest.mark.parametrize("eye", EYES)
def test_success_and_intervention_are_told_apart_by_every_eye(eye: str, look: theme.Theme):
    assert np.linalg.norm(lab(look.success, eye) - lab(look.intervention, eye)) > APART * 0.7
