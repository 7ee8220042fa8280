"""Evidence as a file that leaves one host and comes to another."""
