"""What torch would else do at an awkward moment."""

import torch


def warm_up() -> None:
    """Have torch load now what it loads at the first step of an optimiser: two seconds of work."""
    weight = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.AdamW([weight], fused=True)
    weight.sum().backward()  # pyright: ignore[reportUnknownMemberType]
    optimiser.step()
