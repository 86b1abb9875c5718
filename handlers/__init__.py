"""Everything the author of a plugin imports; `docs/handlers.md` shows how.

A plugin is a file in this folder, or an installed package with an entry point
in the group ``serverless_translation.handlers``.
"""

from handlers.contract.cpus import cpus
from handlers.contract.hook import hookimpl
from handlers.contract.segment import Segment
from handlers.contract.shape import CanLoad, Factory, Handler, Register
from handlers.contract.translation import AlignedTranslation, Link, Options, Term, Translation
from handlers.contract.variables import unknown_variable
from model_folder import ModelError, ModelFolder

__all__ = [
    "AlignedTranslation",
    "CanLoad",
    "Factory",
    "Handler",
    "Link",
    "ModelError",
    "ModelFolder",
    "Options",
    "Register",
    "Segment",
    "Term",
    "Translation",
    "cpus",
    "hookimpl",
    "unknown_variable",
]
