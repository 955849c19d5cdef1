"""A scheme as text for people: what is written in the document, told without its notation. Knows no data, no engine."""
