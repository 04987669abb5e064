"""Virtual SpaceMice: programs read them through the real hidapi, without hardware."""
