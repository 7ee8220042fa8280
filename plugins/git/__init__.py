"""Watches git repositories: their branches and tags, and which tags contain a commit."""
