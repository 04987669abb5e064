"""Where the monitors of a session's policies lie: beside the versions, one for each encoder.

    policies/monitor-1a2b3c4d.safetensors      for every version with the encoder of that digest

A head update keeps the encoder and so the monitor; a full fit brings another encoder, and the
learner, who has just seen the demonstrations with it, fits another monitor before it publishes.
"""

from pathlib import Path

from learner.model import PolicyNet
from learner.monitor import Monitor, digest, file_name, load_monitor, save_monitor
from learner.monitor_fit import fit_monitor
from learner.pack import load_demonstrations
from learner.rows import encode
from learner.seed import checkpoint_folder, demonstrations_file

SHIPPED = "monitor.safetensors"


def shipped_monitor(name: str, net: PolicyNet) -> Monitor | None:
    """The monitor beside the policy that a user named; None if there is none of that encoder.

    Raises as `load_monitor`.
    """
    monitor = load_monitor(checkpoint_folder(name) / SHIPPED)
    if monitor is None or monitor.encoder != digest(net.encoder):
        return None
    return monitor


def fitted_monitor(name: str, net: PolicyNet) -> Monitor:
    """A monitor without risk, from the named policy's demonstrations; 3 ms for each of their rows.

    Raises as `load_demonstrations`.
    """
    demonstrations = load_demonstrations(demonstrations_file(name))
    return fit_monitor(net, encode(net, demonstrations.train), encode(net, demonstrations.held_out))


def find_monitor(folder: Path, net: PolicyNet) -> Monitor | None:
    """The monitor of this net's encoder among a session's policies. Raises as `load_monitor`."""
    return load_monitor(folder / file_name(net))


def provide_monitor(folder: Path, name: str, net: PolicyNet) -> Monitor:
    """The monitor for the policy a session starts with, put into its folder if it is not there.

    Raises:
        PolicyMismatch: a file that is there cannot be read.
        EpisodeError: there is none, and no demonstrations to fit one to.
    """
    monitor = find_monitor(folder, net)
    if monitor is None:
        monitor = shipped_monitor(name, net) or fitted_monitor(name, net)
        save_monitor(folder / file_name(net), monitor)
    return monitor
