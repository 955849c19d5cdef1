"""Mutants of a scheme: each with one small error put in, and which of them the worked cases notice."""
