from dataclasses import replace

import numpy as np
import torch

from learner.debrief import Debrief
from learner.methods.inversion import executed, expressible, invert, of_arm
from learner.methods.method import Speed
from learner.methods.steer import Steer, SteerConfig
from learner.model import attach
from learner.reports import CorrectedArm
from learner.samples import Stratum
from teleop.learner_messages import Coaching
from teleop.messages import Arm
from tests.learner_data import samples, small_net
from tests.method_parts import base, errors, ground, run

CONFIG = SteerConfig(
    quick_steps=100,
    batch=32,
    learning_rate=3e-3,
    drop_proprio=0.0,
    regrasp_m=0.0,
    regrasp_rad=0.0,
    feature_noise=0.0,
)


def wide_base():
    """A flow that makes of every noise a chunk near to it."""
    net = small_net(1)
    for parameter in net.head.parameters():
        parameter.data.mul_(0.3)
    return net.eval()


def reachable(net, noise: float, seed: int = 2):
    """A correction that the net makes from that noise."""
    rows = samples(8, seed=seed, stratum=Stratum.CORRECTION, action=0.0)
    rows.position_N23[:] = 0.03
    start = ground(net, rows)
    inputs = start.memory.rows(start.memory.where(Stratum.CORRECTION)).inputs
    with torch.no_grad():
        chunk = net.head.sample(inputs, torch.full((8, 112), noise))
    return replace(rows, target_NHA=chunk.numpy())


def test_a_chunk_gives_back_the_noise_it_was_made_from():
    net = wide_base()
    start = ground(net)
    inputs = start.memory.rows(start.memory.where(Stratum.DEMONSTRATION)).inputs
    noise = torch.randn(len(inputs.proprio_BP), 112, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        chunk = net.head.sample(inputs, noise)
    inverted = invert(net.head, inputs, chunk)
    assert bool(inverted.found.all())
    assert torch.allclose(inverted.noise_BX, noise, atol=1e-2)


def test_steering_learns_a_correction_that_the_base_can_express():
    net = wide_base()
    start = ground(net, reachable(net, 1.5))
    kept, wrong = errors(net, start)
    fit = Steer(CONFIG).fit(start, Speed.QUICK)
    assert fit is not None
    held_out, corrected = errors(run(fit), start)
    assert corrected < 0.5 * wrong
    assert held_out < kept + 0.15
    learned = fit.net.state_dict()
    assert all(torch.equal(learned[name], t) for name, t in net.state_dict().items())


def test_a_correction_that_the_base_cannot_express_is_told_in_one_sentence():
    net = wide_base()
    near, far = ground(net, reachable(net, 1.0)), ground(net, reachable(net, 30.0))
    verdicts = []
    for start in (near, far):
        rows = start.memory.rows(start.memory.where(Stratum.CORRECTION))
        verdicts.append(expressible(net.head, rows))
    assert verdicts[0].yes and verdicts[0].sentence == ""
    assert not verdicts[1].yes
    assert "cannot express this correction: record demonstrations" in verdicts[1].sentence


def test_a_chunk_that_no_noise_gives_back_is_inexpressible():
    net = base()  # taught one action only, so its noise hardly matters
    start = ground(net)
    rows = start.memory.rows(start.memory.where(Stratum.CORRECTION))
    wild = replace(rows, target_NHA=torch.full_like(rows.target_NHA, 40.0))
    assert not expressible(net.head, wild).yes


def test_a_correction_that_did_what_the_base_does_is_expressible():
    net = base()
    rows = ground(net).memory.rows(ground(net).memory.where(Stratum.DEMONSTRATION))
    with torch.no_grad():
        same = replace(rows, target_NHA=net.head.sample(rows.inputs))
    assert expressible(net.head, same).yes


def test_entries_that_do_not_count_are_the_bases_own():
    net = base()
    start = ground(net)
    rows = start.memory.rows(start.memory.where(Stratum.CORRECTION))
    silent = replace(rows, weight_NHA=torch.zeros_like(rows.weight_NHA))
    assert torch.equal(executed(net.head, silent), net.head.sample(rows.inputs).detach())


def test_each_arm_of_a_correction_is_judged_by_itself():
    net = wide_base()
    rows = ground(net).memory.rows(ground(net).memory.where(Stratum.DEMONSTRATION))
    with torch.no_grad():
        target = net.head.sample(rows.inputs)
    target[..., 7:] = 40.0  # of the right arm alone
    far = replace(rows, target_NHA=target)
    assert expressible(net.head, of_arm(far, Arm.LEFT)).yes
    assert not expressible(net.head, of_arm(far, Arm.RIGHT)).yes


def test_the_operator_is_told_of_what_steering_cannot_learn():
    net = attach(base(), "steer")
    start = ground()
    rows = start.memory.rows(start.memory.where(Stratum.CORRECTION))
    wild = replace(rows, target_NHA=torch.full_like(rows.target_NHA, 40.0))
    debrief = Debrief(start.memory)
    arm = CorrectedArm("episode_00001", Arm.LEFT, 5, 1.0, np.zeros(7), np.zeros(7))
    debrief._corrected["episode_00001"] = (arm,)
    (note,) = debrief._beyond_the_base("episode_00001", wild, net)
    assert note.kind is Coaching.INEXPRESSIBLE and note.episode == "episode_00001"
