"""What a text declares (`as-stated.yaml`), and the 24 checks on it: each a module of its own, named by its subject."""
