"""The page on which the operator's devices are looked at, calibrated and set up."""
