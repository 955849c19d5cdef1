"""What holds of every scheme whatever it is given, as tests: one line puts a scheme through all that applies to it."""

from cityrules.testing.properties.suite import PROPERTIES, properties

__all__ = ["PROPERTIES", "properties"]
