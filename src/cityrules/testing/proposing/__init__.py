"""Worked cases made by the library for a person to confirm: inputs that show something, written as a case."""
