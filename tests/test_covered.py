"""Things that were never there hide the border of a picture and never its middle."""

import torch

from learner.methods.covered import covered

PLAIN = torch.full((12, 2, 96, 96, 3), 7, dtype=torch.uint8)


def test_boxes_cover_the_border_and_leave_the_middle_alone():
    shown = covered(PLAIN, 1.0, torch.Generator().manual_seed(0))
    changed = (shown != PLAIN).any(dim=-1)
    assert changed.any(dim=-1).any(dim=-1).sum() > 18  # of 24 pictures
    assert not changed[:, :, 46:50, 46:50].any()
    assert bool((PLAIN == 7).all())


def test_a_share_of_nothing_covers_nothing_and_the_same_seed_covers_the_same():
    assert torch.equal(covered(PLAIN, 0.0, torch.Generator().manual_seed(0)), PLAIN)
    one, two = (covered(PLAIN, 0.5, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, two)
