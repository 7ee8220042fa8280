"""Watches files at addresses, and the versions that they name."""
