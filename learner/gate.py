"""Whether a candidate may be served. A pure decision over measured errors.

A candidate must not have forgotten (held-out demonstrations, measured against the base so that
small losses cannot add up), must still know the earlier corrections, and must have learned the new
one. What fails is kept and shown, not served.
"""

import math
from dataclasses import dataclass

from learner.manifest import GateResult


@dataclass(frozen=True)
class GateConfig:
    """Tolerances: a share of the reference error, plus a floor in units of the action scale."""

    held_out_share: float = 1.30
    corrections_share: float = 1.25
    floor: float = 0.02


@dataclass(frozen=True)
class GateErrors:
    """Action errors (see `rows.action_error`); NaN where there are no rows."""

    held_out_base: float
    held_out_serving: float
    held_out: float
    earlier_serving: float
    earlier: float
    new_serving: float
    new: float


def judge(errors: GateErrors, config: GateConfig) -> GateResult:
    """The verdict with its sentence; the first reason to refuse is given."""
    refusal = _refusal(errors, config)
    return GateResult(
        accepted=not refusal,
        reason=refusal or "held-out demonstrations, earlier and new corrections all pass",
        held_out_error=_or_minus_one(errors.held_out),
        held_out_error_serving=_or_minus_one(errors.held_out_serving),
        corrections_error=_or_minus_one(errors.new),
        corrections_error_serving=_or_minus_one(errors.new_serving),
    )


def _refusal(errors: GateErrors, config: GateConfig) -> str:
    if not math.isfinite(errors.held_out):
        return "its actions on held-out demonstrations are not numbers"
    allowed = errors.held_out_base * config.held_out_share + config.floor
    if errors.held_out > allowed:
        return (
            f"it forgot: error {errors.held_out:.3f} on held-out demonstrations, "
            f"{allowed:.3f} allowed"
        )
    allowed = errors.earlier_serving * config.corrections_share + config.floor
    if math.isfinite(errors.earlier_serving) and not errors.earlier <= allowed:
        return (
            f"it unlearned earlier corrections: error {errors.earlier:.3f}, {allowed:.3f} allowed"
        )
    if math.isfinite(errors.new_serving) and not errors.new <= errors.new_serving + config.floor:
        return (
            f"it did not learn the new correction: error {errors.new:.3f}, the serving version has "
            f"{errors.new_serving:.3f}"
        )
    return ""


def _or_minus_one(value: float) -> float:
    """JSON knows no NaN; -1 stands for 'not measured'."""
    return value if math.isfinite(value) else -1.0
