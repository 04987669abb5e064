"""The page of the learning: versions, what corrections changed, coaching, rates."""
