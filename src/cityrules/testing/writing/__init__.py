"""Worked cases as a person likes to read them: values in, text out. One writer for all of them."""
