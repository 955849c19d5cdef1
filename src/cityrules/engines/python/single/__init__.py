"""Single records: a plan compiled to Python source that scores one record of a kind in microseconds."""
