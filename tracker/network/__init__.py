"""The network policy at work: which proxy a connection takes, and what tracker.toml says of all that."""
