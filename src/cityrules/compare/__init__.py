"""What would change: two documents, or one under many changes, on the same rows. Evaluates nothing itself."""
