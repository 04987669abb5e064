"""What the window is made of: each widget takes plain values and emits intents."""
