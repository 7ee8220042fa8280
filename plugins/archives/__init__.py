"""Releases that are one archive, or one program."""
