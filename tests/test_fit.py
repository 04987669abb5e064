import torch
from torch import Tensor

from learner.methods.fit import Blend, Fit, Phase
from learner.model import PolicyNet, copy_net
from tests.learner_data import small_net

START = small_net()
OTHER = small_net(1)


def outlet(net: PolicyNet) -> Tensor:
    return net.head.get_parameter("outlet.1.weight")


def to_one(net: PolicyNet, generator: torch.Generator) -> Tensor:
    """As near to one as the weights get, by noisy steps."""
    weight = outlet(net)
    return ((weight - 1.0) * torch.rand(weight.shape, generator=generator)).square().mean()


def fit(share: float, blend: Blend | None = None) -> Fit:
    phase = Phase("head", 12, to_one, {"head.outlet": 0.01}, average=0.5, share=share)
    return Fit(copy_net(START), (phase,), 3, blend)


def finished(going: Fit) -> Tensor:
    while not going.finished:
        going.step()
    return outlet(going.net).detach()


def test_a_phase_with_a_share_ends_that_far_on_its_way():
    start, whole, half = outlet(START).detach(), finished(fit(1.0)), finished(fit(0.5))
    assert (whole - start).abs().max() > 0.01
    torch.testing.assert_close(half, torch.lerp(start, whole, 0.5))


def test_a_restored_fit_makes_the_steps_that_it_would_have_made():
    before, after = fit(0.5), fit(0.5)
    for _ in range(5):
        before.step()
    after.restore({name: value.clone() for name, value in before.state().items()})
    assert torch.equal(finished(after), finished(before))


def test_a_blend_averages_all_weights_with_those_of_the_other_net():
    alone, blended = fit(1.0), fit(1.0, Blend(OTHER, 0.25))
    for each in (alone, blended):
        finished(each)
    others = OTHER.parameters()
    for found, led, other in zip(
        blended.net.parameters(), alone.net.parameters(), others, strict=True
    ):
        torch.testing.assert_close(found.detach(), torch.lerp(other, led, 0.25).detach())


def test_a_finished_blend_that_is_restored_is_not_averaged_again():
    before, after = fit(1.0, Blend(OTHER, 0.5)), fit(1.0, Blend(OTHER, 0.5))
    finished(before)
    after.restore({name: value.clone() for name, value in before.state().items()})
    assert torch.equal(outlet(after.net), outlet(before.net))
