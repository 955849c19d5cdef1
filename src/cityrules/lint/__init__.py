"""Looks for what drafters missed. `stated/` looks at what a text declares, before anybody has decided anything."""
