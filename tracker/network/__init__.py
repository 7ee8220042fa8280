"""The network policy at work: which proxy a connection takes."""
