"""What programs read of the site: documents, feeds and badges; each a pure function of the snapshot."""
