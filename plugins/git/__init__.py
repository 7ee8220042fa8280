"""The history of repositories, asked with git alone: tags, branches, and which tags hold a commit."""
