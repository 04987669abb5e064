"""Pictures like a camera's: 1/f spectra as in photographs, moving things, and a sensor's noise.

Natural images have an amplitude spectrum that falls with about the frequency (Field 1987, J. Opt.
Soc. Am. A 4(12)); with the noise on top, JPEG makes of them what it makes of photographs.
"""

import numpy as np
from numpy.typing import NDArray

from teleop.interfaces import Image

HEIGHT, WIDTH = 480, 640
NOISE = 2.0  # standard deviation, of 255
FRAMES = 60  # in a loop: two seconds at 30 frames a second
_FALL = 1.5  # of the amplitude with the frequency; a JPEG takes 112 KiB then, as of photographs
_CONTRAST = 42.0
_SWAY_PX = 60  # of a moving camera, to either side


def picture_loop(camera: int, frames: int = FRAMES) -> NDArray[np.uint8]:
    """Frames (n, 480, 640, 3) that end where they begin; the same for the same camera.

    Cameras of even number stand still, and something moves before them; the others move too.
    """
    random = np.random.default_rng([7, camera])
    scene = _scene(random, HEIGHT + 2 * _SWAY_PX, WIDTH + 2 * _SWAY_PX)
    thing = _scene(random, 120, 160) * 0.7 + 40.0
    found = np.empty((frames, HEIGHT, WIDTH, 3), np.uint8)
    noise = np.empty((HEIGHT, WIDTH, 3), np.float32)
    for frame in range(frames):
        turn = 2.0 * np.pi * frame / frames
        sway = _SWAY_PX if camera % 2 else 0
        top = round(_SWAY_PX + sway * np.sin(turn))
        left = round(_SWAY_PX + sway * np.cos(turn))
        picture = scene[top : top + HEIGHT, left : left + WIDTH].copy()
        y, x = round(180 + 100 * np.sin(2 * turn)), round(240 + 200 * np.cos(turn))
        picture[y : y + 120, x : x + 160] = thing
        random.standard_normal(out=noise, dtype=np.float32)
        np.clip(picture + NOISE * noise, 0.0, 255.0, out=picture)
        found[frame] = picture
    return found


def shown(loop: NDArray[np.uint8], sequence: int) -> Image:
    """The image of that sequence number."""
    return loop[sequence % len(loop)]


def _scene(random: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """A still picture: grey that falls as 1/f, softer colour, and some hard edges."""
    grey = _field(random, height, width, _FALL)[..., None]
    colour = np.stack([_field(random, height, width, _FALL + 0.4) for _ in range(3)], axis=-1)
    picture = 128.0 + _CONTRAST * (grey + 0.3 * colour)
    for _ in range(12):
        y, x = random.integers(height - 40), random.integers(width - 40)
        h, w = random.integers(20, 120, 2)
        picture[y : y + h, x : x + w] += random.normal(0.0, 30.0, 3)
    return picture.astype(np.float32)


def _field(
    random: np.random.Generator, height: int, width: int, fall: float
) -> NDArray[np.float64]:
    rows, columns = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    frequency = np.hypot(rows, columns)
    frequency[0, 0] = np.inf
    shape = frequency.shape
    spectrum = random.standard_normal(shape) + 1j * random.standard_normal(shape)
    field = np.fft.irfft2(spectrum / frequency**fall, (height, width))
    return field / field.std()
