"""Random small schemes over all constructs of the language, for whoever writes an engine or extends the language.

One seed draws one document. The plan's own checks decide what is a scheme; nothing here repeats them.
"""
