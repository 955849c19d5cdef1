"""Two documents on the same rows: what differs, which changes of the text it comes from, and how it is told."""
