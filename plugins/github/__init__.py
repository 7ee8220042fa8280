"""Watches GitHub: releases, tags, branches and pull requests."""
