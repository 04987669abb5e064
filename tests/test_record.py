"""Rows as records of one size."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from learner.record import records_of, samples_of
from tests.learner_data import samples


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_rows_read_back_can_be_given_to_torch(count: int):
    before = samples(count)
    after = samples_of(records_of(before, 2))
    for field in fields(after):
        values = getattr(after, field.name)
        if isinstance(values, np.ndarray):
            told = torch.from_numpy(values).numpy()
            assert np.allclose(told, getattr(before, field.name), atol=1e-2, equal_nan=True)
