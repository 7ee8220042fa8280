"""One file for each revision; none imports anything of ours, so that an old one keeps its meaning."""
