"""Which of SageMaker's serverless sizes a model fits."""

SIZES = (1024, 2048, 3072, 4096, 5120, 6144)  # MB; the API model's only values
_SERVER = 150 * 2**20  # bytes: the HTTP server, its text tools, requests of 4 MB
_HEADROOM = 1.2


def smallest_size(peak: int) -> int | None:
    """In MB, for a model that was seen to take `peak` bytes; None if none is enough."""
    needed = (peak * _HEADROOM + _SERVER) / 2**20
    return next((size for size in SIZES if size >= needed), None)
