"""The passes that commands and the daemon make: look, plan, run, judge, publish."""
