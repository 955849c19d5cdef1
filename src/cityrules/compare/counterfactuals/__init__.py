"""Single records and single verdicts: without which records a verdict would come out otherwise, and which verdicts one
wrong record would turn."""
