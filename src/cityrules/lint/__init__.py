"""Looks for what drafters missed. `stated/` looks at what a text declares, before anybody has decided anything;
`plan/` looks at what the rules of a scheme can never do."""
