"""The version of this release. Knows nothing else."""

__version__ = "0.1.0"
