"""The document as data: forms, loading, overlays, schema. Knows no type of an expression, no plan and no engine."""
