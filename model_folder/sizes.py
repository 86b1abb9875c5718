"""The sizes of serverless endpoints, and which of them a model fits."""

SIZES = (1024, 2048, 3072, 4096, 5120, 6144)
"""MB of memory; all that serverless endpoints come in."""

DISK = 5e9
"""Bytes on a serverless endpoint's disk, for the archive and its files."""

# Bytes: 16 bodies of 4 MB at once took a server with the embedded model from 58 to 295 MiB.
_SERVER = 250 * 2**20
_HEADROOM = 1.2


def smallest_size(peak: float) -> int | None:
    """In MB, for a model whose process takes `peak` bytes; None if none is enough."""
    needed = (peak * _HEADROOM + _SERVER) / 2**20
    return next((size for size in SIZES if size >= needed), None)


def estimate_peak(size: int) -> int:
    """Bytes that a process takes under load with a model of `size` bytes.

    A model of OPUS-MT's shape, 97 MB, took 255 MB where this says 412. Deep and narrow ones
    take more (40 layers of width 512: 350 MB took 1000): `python -m models add` measures.
    """
    return 250_000_000 + 5 * size // 3
