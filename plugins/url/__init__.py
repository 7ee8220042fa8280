"""Addresses: a source that watches the content of a file, or reads versions out of a page or a JSON document."""
