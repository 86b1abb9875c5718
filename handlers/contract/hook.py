"""The one hook. Its caller is `serving.plugins`."""

import pluggy

from handlers.contract.shape import Register

PROJECT = "serverless_translation"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_handlers(register: Register) -> None:
    """Call ``register(source, target, factory)`` once for each pair you can serve.

    ``source`` and ``target`` are BCP 47 codes as in the model folder's name, or
    ``"*"`` for any language. The most specific claim serves a pair; two plugins
    with the same claim stop the start. ``factory(model_folder)`` is called once
    for each folder of such a pair, in a worker thread, and returns the handler.
    """
