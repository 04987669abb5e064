"""Demonstrations by puck without a policy: count, countdown, prompts, statistics of operators."""
