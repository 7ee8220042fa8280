"""Debian archives: a source, the order of versions, and the way a package is put into a prefix."""
