"""Pure judging and planning: what the trials say, and what to run next. No I/O, no clock, no randomness."""
