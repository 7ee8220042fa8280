"""Watches OCI registries: tags and image indexes."""
