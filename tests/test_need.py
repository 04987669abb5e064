import math

import torch

from learner.need import Need, lost, need

OPERATOR = torch.full((6, 8, 14), 0.4)
WEIGHT = torch.ones(6, 8, 14)


def test_who_acts_as_the_operator_did_needs_no_correction():
    found = need(OPERATOR + 0.05, OPERATOR, WEIGHT)
    assert found is not None and not found.needed


def test_who_stands_still_where_the_operator_moved_needs_it():
    found = need(torch.zeros_like(OPERATOR), OPERATOR, WEIGHT)
    assert found is not None and found.needed and found.clearly


def test_what_the_operators_own_unsteadiness_explains_is_no_disagreement():
    shaking = OPERATOR + 0.4 * torch.tensor([1.0, -1.0] * 4)[None, :, None]
    calm = need(torch.full_like(OPERATOR, 0.1), OPERATOR, WEIGHT)
    shaky = need(torch.full_like(OPERATOR, 0.1), shaking, WEIGHT)
    assert calm is not None and calm.needed
    assert shaky is not None and not shaky.needed


def test_rows_that_the_operator_did_not_drive_do_not_count():
    weight = WEIGHT.clone()
    weight[3:] = 0.0
    chunks = OPERATOR.clone()
    chunks[3:] = -9.0
    found = need(chunks, OPERATOR, weight)
    assert found is not None and found.disagreement == 0.0
    assert need(chunks, OPERATOR, torch.zeros_like(WEIGHT)) is None


def test_a_correction_is_lost_if_it_was_known_and_is_clearly_not_any_more():
    known, nearly, unknown = Need(0.1, 0.2), Need(0.22, 0.2), Need(0.4, 0.2)
    assert lost(known, unknown)
    assert not lost(known, nearly) and not lost(unknown, unknown) and not lost(unknown, known)
    assert lost(known, Need(math.nan, 0.2))
