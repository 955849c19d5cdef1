"""From a document to an assessment: the names that an embedding developer uses."""

from cityrules.loaded.assessment import Assessment
from cityrules.loaded.editions import Editions, check_editions, holds_editions, load_editions
from cityrules.loaded.engines import EngineName, ExampleEngine, engine_of
from cityrules.loaded.errors import CheckFailed, SchemeError
from cityrules.loaded.loading import check, load, load_base, loads
from cityrules.loaded.scheme import Scheme
from cityrules.loaded.shipped import SCHEME_FILE, find, shipped, specs_folder

__all__ = [
    "SCHEME_FILE",
    "Assessment",
    "CheckFailed",
    "Editions",
    "EngineName",
    "ExampleEngine",
    "Scheme",
    "SchemeError",
    "check",
    "check_editions",
    "engine_of",
    "find",
    "holds_editions",
    "load",
    "load_base",
    "load_editions",
    "loads",
    "shipped",
    "specs_folder",
]
