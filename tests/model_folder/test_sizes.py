"""Which serverless endpoint a model fits, by its measured peak or by its size."""

import pytest

from model_folder import ModelFolder
from model_folder.sizes import estimate_peak, smallest_size
from tests.running import MODELS

MB = 2**20


@pytest.mark.parametrize(
    ("peak", "size"),
    [(50 * MB, 1024), (600 * MB, 1024), (700 * MB, 2048), (4900 * MB, 6144), (5100 * MB, None)],
)
def test_smallest_size_leaves_room_for_the_server(peak, size):
    assert smallest_size(peak) == size


@pytest.mark.parametrize(
    "megabytes, memory",
    [(0, 1024), (16, 1024), (255, 1024), (257, 2048), (620, 2048), (2800, 6144), (3000, None)],
)
def test_the_estimate_leaves_room_to_work(megabytes, memory):
    assert smallest_size(estimate_peak(megabytes * 1_000_000)) == memory


def test_the_embedded_models_fit_the_smallest_endpoint():
    for pair in ("en_de", "en_pt"):
        assert smallest_size(ModelFolder(MODELS / pair).peak_memory) == 1024


def test_what_was_measured_goes_before_the_estimate(tmp_path):
    (tmp_path / "model.bin").write_bytes(bytes(1000))
    (tmp_path / "model.json").write_text('{"peak_memory": 700000000}')
    assert ModelFolder(tmp_path, "en_de").peak_memory == 700_000_000
