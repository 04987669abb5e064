"""Every English sentence and label of the window, a module for each part of it; nothing else."""
