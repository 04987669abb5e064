"""What the window tells by ear: which tone for which change, alarms, and the child that plays."""
