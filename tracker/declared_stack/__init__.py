"""A stack that tracker.toml declares by itself: components, factors, host key and a scenario of commands."""

from tracker.declared_stack.reading import read_stack
from tracker.declared_stack.stack import DeclaredStack

__all__ = ["DeclaredStack", "read_stack"]
