"""The pages of the site, one kind a module, each a pure function of the knowledge."""
