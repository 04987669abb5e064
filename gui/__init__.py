"""The operator's window: a view of what the other processes publish, and orders sent to control.

It owns nothing of value. It can be killed and reopened at any time without touching the robot.
"""
