"""The serverless size that a measured peak fits."""

import pytest

from models.memory import smallest_size

MB = 2**20


@pytest.mark.parametrize(
    ("peak", "size"),
    [(50 * MB, 1024), (600 * MB, 1024), (700 * MB, 2048), (4900 * MB, 6144), (5100 * MB, None)],
)
def test_smallest_size_leaves_room_for_the_server(peak, size):
    assert smallest_size(peak) == size
