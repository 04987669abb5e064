"""`nudge bench learner`: how few corrections each method needs, on each shift of the plug cell."""
