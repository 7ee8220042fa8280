"""Wine, which runs programs for Windows on other platforms."""
