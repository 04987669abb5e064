"""How far the running policy is from what it was taught: novelty and force surprise, per arm.

Novelty is the greatest of three numbers, each in standard deviations above its mean:

- stalling: a regressor fitted to the demonstrations tells from the visual feature how many seconds
  are left; how far that falls behind the clock over 1.6 s. It counts for an arm by its share of
  the demonstrated motion: an arm that is to wait is not late.
- wavering: how much successive chunks disagree about the same instants, over the last second. Both
  after Agia et al. 2024, "Unpacking failure modes of generative policies: runtime monitoring of
  consistency and progress", which also judges these two and finds that they complement each other.
- risk: a logistic regression from the visual feature to whether the episode will fail, fitted to
  rollouts with an outcome; the risk of ThriftyDAgger (Hoque et al. 2021) and of Sirius (Liu et al.
  2024, "Model-based runtime monitoring with interactive imitation learning") in its plainest form.
  It is of one policy, so it is left out once other weights are served.

Force surprise is the measured wrench of the last 0.2 s against what is expected, from the visual
feature, the pose and the chunk that is about to be played, by a regressor fitted to the
demonstrations; the idea of TER-DAgger, whose trigger is such a discrepancy.

A monitor belongs to one encoder: another one's features mean something else. Files are therefore
named by the encoder's digest, and a policy whose encoder has none is not judged (scores 0).

Tensor suffixes as in model.py; X inputs of a regressor.
"""

import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from torch import Tensor, nn

from learner.model import PolicyNet
from teleop.errors import PolicyMismatch
from teleop.messages import NUM_ARMS, Array

FORMAT = "nudge-monitor"
FORMAT_VERSION = "1"
WINDOW_NS = 1_600_000_000  # of stalling
WAVERING_CHUNKS = 5
FORCE_SAMPLES = 4  # of 50 ms, the newest of the wrench history
# What one unit of a chunk's motion is here: m/s and rad/s.
MOTION_SCALE = np.array([0.03, 0.03, 0.03, 0.2, 0.2, 0.2])
_LEAST_SECONDS = 0.02  # between two looks


@dataclass(frozen=True, eq=False)
class Monitor:
    """What `Judge` needs; arrays, so that they lie in one safetensors file."""

    seconds_X: Array  # seconds that are left, from `progress_inputs`
    stall: Array  # (2,) mean and standard deviation in the demonstrations, s
    waver: Array  # (2, 2) the same per arm, in `MOTION_SCALE`
    share: Array  # (2,) of the demonstrated motion, the larger is 1
    force_AX6: Array  # expected squashed wrench, from `force_inputs`
    force_scale: Array  # (2, 6) standard deviation of what is left over
    force: Array  # (2, 2) mean and standard deviation of its root mean square
    risk_X: Array  # standard deviations, from `progress_inputs`; zeros: not fitted
    encoder: int  # digest of the encoder it was fitted to
    policy: int  # digest of the policy whose risk it is; 0: none


@dataclass(frozen=True)
class Verdict:
    """Per arm, in standard deviations of the demonstrations; 0 is as in the mean of them."""

    novelty: tuple[float, float] = (0.0, 0.0)
    force_surprise: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Glance:
    """What is judged of one inference."""

    stamp_ns: int
    feature_F: NDArray[np.float32]
    proprio_P: NDArray[np.float32]
    wrench_S26: NDArray[np.float32]  # squashed history, as the policy sees it
    twist_H26: Array  # the chunk, m/s and rad/s
    period_ns: int


def digest(module: nn.Module) -> int:
    """A number that changes with the weights, never 0; a millisecond for the built-in policy."""
    value = 0
    tensors: dict[str, Tensor] = module.state_dict()
    for name, tensor in sorted(tensors.items()):
        value = zlib.crc32(tensor.contiguous().numpy().tobytes(), zlib.crc32(name.encode(), value))
    return value or 1


def file_name(net: PolicyNet) -> str:
    """The name of the monitor of this net's encoder, in a folder of versions."""
    return f"monitor-{digest(net.encoder):08x}.safetensors"


def motion_of(twist_H26: Array) -> Array:
    """A chunk's twists in units of a usual motion."""
    return twist_H26 / MOTION_SCALE


def progress_inputs(feature_F: NDArray[np.float32]) -> Array:
    """(F + 1,) with a constant."""
    return np.append(feature_F.astype(np.float64), 1.0)


def force_inputs(glance: Glance) -> Array:
    """Feature, proprioception, the chunk and a constant."""
    motion = np.clip(motion_of(glance.twist_H26), -5.0, 5.0)
    return np.concatenate([glance.feature_F, glance.proprio_P, motion.ravel(), [1.0]])


def force_of(wrench_S26: NDArray[np.float32]) -> Array:
    """The recent squashed wrench, (2, 6)."""
    return wrench_S26[-FORCE_SAMPLES:].mean(axis=0, dtype=np.float64)


def raw_force(monitor: Monitor, glance: Glance) -> Array:
    """Root mean square of what the regressor does not explain, (2,)."""
    expected = np.einsum("axd,x->ad", monitor.force_AX6, force_inputs(glance))
    left_over = (force_of(glance.wrench_S26) - expected) / monitor.force_scale
    return np.sqrt(np.mean(left_over**2, axis=1))


class Memory:
    """The recent inferences, for what shows only over time."""

    def __init__(self) -> None:
        self._seconds: deque[tuple[int, float]] = deque()
        self._waver: deque[Array] = deque(maxlen=WAVERING_CHUNKS)
        self._last: Glance | None = None

    def clear(self) -> None:
        """An episode begins."""
        self._seconds.clear()
        self._waver.clear()
        self._last = None

    def take(self, glance: Glance, seconds_left: float) -> tuple[float, Array]:
        """Take one inference; how far it is behind the clock, s, and its wavering per arm."""
        now_ns = glance.stamp_ns
        self._seconds.append((now_ns, seconds_left))
        while now_ns - self._seconds[0][0] > WINDOW_NS:
            self._seconds.popleft()
        then_ns, then_left = self._seconds[0]
        behind = seconds_left - then_left + (now_ns - then_ns) * 1e-9
        self._waver.append(np.zeros(NUM_ARMS) if self._last is None else waver(self._last, glance))
        self._last = glance
        return behind, np.mean(self._waver, axis=0)


def waver(before: Glance, now: Glance) -> Array:
    """Root mean square by which two chunks disagree where they overlap, per arm; 0: nowhere."""
    shift = round((now.stamp_ns - before.stamp_ns) / now.period_ns)
    common = min(len(before.twist_H26) - shift, len(now.twist_H26))
    if shift <= 0 or common <= 0:
        return np.zeros(NUM_ARMS)
    difference = now.twist_H26[:common] - before.twist_H26[shift : shift + common]
    return np.sqrt(np.mean(motion_of(difference) ** 2, axis=(0, 2)))


class Judge:
    """Judges every inference of one running policy; a tenth of a millisecond each."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._memory = Memory()

    def reset(self) -> None:
        """An episode begins."""
        self._memory.clear()

    def judge(self, glance: Glance, policy: int) -> Verdict:
        """Judge one inference.

        Args:
            glance: stamps never decrease between two resets.
            policy: digest of the policy that is served.
        """
        monitor = self._monitor
        inputs = progress_inputs(glance.feature_F)
        behind, wavering = self._memory.take(glance, float(monitor.seconds_X @ inputs))
        common = (behind - monitor.stall[0]) / monitor.stall[1]
        if policy == monitor.policy:
            common = max(common, float(monitor.risk_X @ inputs))
        wavers = (wavering - monitor.waver[:, 0]) / monitor.waver[:, 1]
        novelty = np.maximum(common * monitor.share, wavers)
        force = (raw_force(monitor, glance) - monitor.force[:, 0]) / monitor.force[:, 1]
        return Verdict(_pair(novelty), _pair(force))


def _pair(values: Array) -> tuple[float, float]:
    """Never below 0: less than in the mean of the demonstrations is nothing to tell of."""
    left, right = np.maximum(np.nan_to_num(values, posinf=1e3), 0.0).tolist()
    return left, right


def save_monitor(path: Path, monitor: Monitor) -> None:
    """Write the file, replacing one of the same name whole."""
    partial = path.with_name(path.name + ".part")
    arrays = {name: np.ascontiguousarray(values) for name, values in _arrays(monitor)}
    about = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "encoder": str(monitor.encoder),
        "policy": str(monitor.policy),
    }
    save_file(arrays, partial, about)
    partial.replace(path)


def load_monitor(path: Path) -> Monitor | None:
    """The monitor in that file; None if there is no such file.

    Raises:
        PolicyMismatch: it is another kind of file, or cut off.
    """
    if not path.is_file():
        return None
    try:
        with safe_open(path, "np") as file:
            about = file.metadata() or {}
            if (about.get("format"), about.get("format_version")) != (FORMAT, FORMAT_VERSION):
                raise PolicyMismatch(
                    f"'{path}' is no monitor of this program; remove it and the policy is served "
                    f"without novelty scores."
                )
            arrays = {name: file.get_tensor(name) for name, _ in _array_fields()}
            return Monitor(**arrays, encoder=int(about["encoder"]), policy=int(about["policy"]))
    except (SafetensorError, KeyError, ValueError) as error:
        raise PolicyMismatch(
            f"The monitor '{path}' cannot be read ({error}); remove it and the policy is served "
            f"without novelty scores."
        ) from error


def _array_fields() -> Iterator[tuple[str, object]]:
    return ((f.name, f.type) for f in fields(Monitor) if f.name not in ("encoder", "policy"))


def _arrays(monitor: Monitor) -> Iterator[tuple[str, Array]]:
    return ((name, getattr(monitor, name)) for name, _ in _array_fields())
