import json
from dataclasses import asdict

import pytest
import torch

from learner.adapters import NOISE_BOUND, AdapterName, SteerAdapter
from learner.model import ModelConfig, PolicyNet, attach
from learner.rows import encode
from learner.store import load_checkpoint, save_checkpoint
from tests.learner_data import manifest, samples, small_net


@pytest.mark.parametrize("name", ["residual", "steer"])
def test_an_untrained_adapter_leaves_every_chunk_as_it_is(name: AdapterName):
    net = small_net()
    inputs = encode(net, samples(4)).inputs
    assert torch.equal(attach(net, name).chunks(inputs), net.chunks(inputs))


@pytest.mark.parametrize("name", ["residual", "steer"])
def test_a_net_with_an_adapter_comes_back_from_its_checkpoint(name: AdapterName, tmp_path):
    net = attach(small_net(), name)
    assert net.adapter is not None
    for parameter in net.adapter.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    save_checkpoint(tmp_path / "v", net, manifest(1, model=net.config))
    inputs = encode(net, samples(4)).inputs
    assert torch.equal(load_checkpoint(tmp_path / "v")[0].chunks(inputs), net.chunks(inputs))


def test_a_checkpoint_from_before_there_were_adapters_loads(tmp_path):
    save_checkpoint(tmp_path / "v", small_net(), manifest(0))
    file = tmp_path / "v" / "manifest.json"
    values = json.loads(file.read_text())
    del values["model"]["adapter"]
    file.write_text(json.dumps(values))
    assert load_checkpoint(tmp_path / "v")[0].config.adapter == "none"


def test_an_adapter_is_taken_off_and_the_copied_net_stays_as_it_was():
    net = small_net()
    before = {name: t.clone() for name, t in net.state_dict().items()}
    again = attach(attach(net, "steer"), "none")
    assert again.adapter is None and asdict(again.config) == asdict(net.config)
    for parameter in again.parameters():
        parameter.data.add_(1.0)
    assert all(torch.equal(t, before[name]) for name, t in net.state_dict().items())


def test_attaching_neither_reads_nor_moves_the_global_random_numbers():
    net = small_net()
    torch.manual_seed(1)
    first = attach(net, "residual").state_dict()
    drawn = torch.rand(1)
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), drawn)
    second = attach(net, "residual").state_dict()
    assert all(torch.equal(second[name], t) for name, t in first.items())


def test_steering_stays_within_the_noise_the_flow_knows():
    net = PolicyNet(ModelConfig(adapter="steer"))
    assert isinstance(net.adapter, SteerAdapter)
    torch.nn.init.normal_(net.adapter.noise[-1].weight, std=50.0)  # pyright: ignore[reportArgumentType]
    rows = encode(net, samples(4))
    assert float(net.adapter(rows.inputs).detach().abs().max()) <= NOISE_BOUND
