"""The profile ``linux-containers``: Debian's containerd, runtimes and CNI plugins, run for real."""
