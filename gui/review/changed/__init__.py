"""What two policy versions would do on the same corrected frames."""
