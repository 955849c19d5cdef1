"""Who stands near a line: the lines that numbers are held against, and whoever is within a distance of one."""
