"""What a model folder is: its pair, manifest, files, layouts, sizes and archive.

The one place that says so, for the server, the stack and the tools. Needs the standard
library only; `model_folder.archive` is not imported here, for a server never packs.
"""

from model_folder.errors import ModelError
from model_folder.folder import ModelFolder

__all__ = ["ModelError", "ModelFolder"]
