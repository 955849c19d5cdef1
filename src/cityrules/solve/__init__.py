"""Decides whether conditions over whole numbers, texts and flags, any of them missing, can come out as wanted.

Intervals and case distinction, nothing else: the answer is yes with values that make it so, no, or unknown.
"""
