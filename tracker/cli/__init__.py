"""The command line; one command a file."""

from tracker.cli.program import main

__all__ = ["main"]
