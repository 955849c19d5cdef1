"""Looks at the compiled plan of a scheme: what its rules can never do. Each check is a module with a code."""
