"""The page Set up: settings, presets, keys, sounds."""
