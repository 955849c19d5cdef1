"""Source text with places, diagnostics and their sentences, YAML read into nodes. Knows nothing of schemes."""
