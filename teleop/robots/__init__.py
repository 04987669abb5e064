"""Robots behind `teleop.interfaces.Robot`."""
