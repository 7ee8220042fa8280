"""The daemon as a service of the operating system: what it is, and who starts it."""
