"""Episodes in the formats of others. Nothing here is needed to record."""
