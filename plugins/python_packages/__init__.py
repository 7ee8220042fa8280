"""Python packages: package indexes as a source, and virtual environments of several packages."""
