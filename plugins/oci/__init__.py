"""OCI registries: a source of images by tag, and which image a Windows host can run."""
