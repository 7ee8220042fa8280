"""Orders of versions: semantic, PEP 440, Windows builds, natural."""
