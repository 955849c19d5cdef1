"""What of a scheme some assessments have exercised: its parts, a trace of an engine, and the one beside the other."""
