"""The learner: replay over demonstrations and corrections, training, the gate, versions, serving.

It consumes finished episode files and publishes immutable policy versions; online and offline
training are the same code.
"""
