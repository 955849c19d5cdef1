"""Bindings: how the tables of a host become the records and targets of a scheme, apart from the scheme itself."""
