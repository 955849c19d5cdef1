"""Worked cases as files: found, run, told, brought up to date, and collected by pytest."""
