"""The methods under comparison, as they are, on states: what is quick and what is full."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from learner.methods.cloning import UNHURRIED
from learner.methods.corrections import CorrectionsOnly
from learner.methods.finetune import Finetune
from learner.methods.fit import Fit
from learner.methods.hgdagger import HgDagger
from learner.methods.method import METHODS, Ground, Method, Speed, method_of
from learner.methods.pooled import Pooled
from learner.model import PolicyNet

# There is no encoder here: where a full fit has a part for it, it is the head's part alone.
_HEAD_ONLY = replace(UNHURRIED, head_steps=UNHURRIED.refit_steps)
_FULL: dict[str, Callable[[], tuple[Method, Speed]]] = {
    "finetune": lambda: (Finetune(_HEAD_ONLY), Speed.QUICK),
    "hgdagger": lambda: (HgDagger(_HEAD_ONLY), Speed.QUICK),
    "pooled": lambda: (Pooled(_HEAD_ONLY), Speed.QUICK),
    "corrections": lambda: (CorrectionsOnly(_HEAD_ONLY), Speed.QUICK),
}


@dataclass(frozen=True)
class Fits:
    """One method's two speeds."""

    name: str

    def begun(self, ground: Ground, *, quick: bool) -> Fit | None:
        """A fit that has not begun."""
        if quick:
            return method_of(self.name).fit(ground, Speed.QUICK)
        named = _FULL.get(self.name)
        method, speed = named() if named else (method_of(self.name), Speed.FULL)
        return method.fit(ground, speed)

    def quick(self, ground: Ground) -> PolicyNet:
        """What is served from the next episode on, after about a second."""
        return _finished(self.begun(ground, quick=True), ground)

    def full(self, ground: Ground) -> PolicyNet:
        """What is served in the end."""
        return _finished(self.begun(ground, quick=False), ground)


NAMES = tuple(METHODS)


def _finished(fit: Fit | None, ground: Ground) -> PolicyNet:
    if fit is None:
        return ground.serving
    while not fit.finished:
        fit.step()
    return fit.net
