"""The command line. Needs the extra `cli`; nothing here is imported by the library.

Exit codes: 0 all is well; 1 the document or the data has errors; 2 wrong usage (an unknown target, kind or period among
them); 3 a defect of this program.
"""
