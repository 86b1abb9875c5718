"""Which of SageMaker's serverless sizes a model fits."""

SIZES = (1024, 2048, 3072, 4096, 5120, 6144)  # MB; the API model's only values
# Bytes: 16 bodies of 4 MB at once took a server with the embedded model from 58 to 295 MiB.
_SERVER = 250 * 2**20
_HEADROOM = 1.2


def smallest_size(peak: int) -> int | None:
    """In MB, for a model that was seen to take `peak` bytes; None if none is enough."""
    needed = (peak * _HEADROOM + _SERVER) / 2**20
    return next((size for size in SIZES if size >= needed), None)
