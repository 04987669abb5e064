"""The methods on four tasks of Meta-World, which this project did not shape.

`far_side` and `tasks` run in Meta-World's own environment too and import nothing that it lacks.
"""
