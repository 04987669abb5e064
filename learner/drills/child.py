"""The learner's side of the drill, in a process that is going to be killed."""

from multiprocessing.connection import Connection
from pathlib import Path

import torch

from learner.drills.feed import made_up, play
from learner.learner import Learner
from learner.store import PolicyStore
from learner.warm import warm_up


def work(folder: str, seed: int, ready: Connection) -> None:
    """Learn the made-up session in `folder` from where it is; says when it begins."""
    torch.set_num_threads(1)
    warm_up()
    session = made_up(seed)
    store = PolicyStore(Path(folder) / "policies")
    torch.manual_seed(int.from_bytes(folder.encode()[-4:], "little"))  # pyright: ignore[reportUnknownMemberType]
    ready.send(True)
    learner = Learner(store, session.demonstrations, session.config, Path(folder) / "learner")
    play(learner, store, seed)
    learner.close()
