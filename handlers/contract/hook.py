"""The one hook. Its caller is `serving.plugins.claims`."""

import pluggy

from handlers.contract.shape import Register

PROJECT = "serverless_translation"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_handlers(register: Register) -> None:
    """Call ``register(source, target, factory)`` once for each pair you can serve.

    ``source`` and ``target`` are BCP 47 codes as in the model folder's name, or
    ``"*"`` for any language. With ``can_load=function``, the claim is on folders only
    of which ``function(model_folder)`` says True. The most specific claim serves a folder:
    first the one that names more of the languages, then the one with ``can_load``; two
    plugins with equal claims on it stop the start. ``factory(model_folder)`` is called once
    for each folder of such a pair, in a worker thread, and returns the handler.
    """
