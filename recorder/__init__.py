"""The recorder: every control step of every episode in one HDF5 file that survives a crash.

It writes, reads, repairs and reports episodes. Nothing that was shown as saved can vanish.
"""
