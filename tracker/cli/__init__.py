"""The command line; one command a file."""

from tracker.cli.app import main

__all__ = ["main"]
