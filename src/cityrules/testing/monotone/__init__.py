"""Whether one more violation can ever raise a score or lower a sanction: proved on the plan, or searched for."""
