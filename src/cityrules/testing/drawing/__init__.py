"""Inputs drawn at random for a plan: good rows, near its own constants and its calendar. One seed draws one."""
