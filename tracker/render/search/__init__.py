"""Search without a server: what is found (pure), and the index of it, made by Pagefind where that is installed."""
