"""Editions of one scheme by date: which judges what, what spans two of them, and their assessment as one."""
