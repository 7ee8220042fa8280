"""A stack that tracker.toml declares by itself: components, factors, host key and a scenario of commands."""

from typing import TYPE_CHECKING

from tracker.lazily import loader

if TYPE_CHECKING:
    from tracker.declared_stack.reading import read_stack
    from tracker.declared_stack.stack import DeclaredStack

__all__ = ["DeclaredStack", "read_stack"]

__getattr__ = loader(__name__, {"reading": "read_stack", "stack": "DeclaredStack"})
