"""The commands and their options, by what they are about. What they do lies in the modules of `cli`."""
