"""Installs combinations beside each other, runs scenarios on them in isolation, and tells what was seen."""
