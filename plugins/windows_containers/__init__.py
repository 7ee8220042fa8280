"""The profile windows-containers: what Windows containers without Docker are made of."""
