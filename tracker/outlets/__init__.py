"""Where the finished site goes besides its directory: a branch of a git repository, a command."""

from tracker.outlets.all import put_out

__all__ = ["put_out"]
