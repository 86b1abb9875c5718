"""The image as SageMaker runs it: any user, a read-only disk, its contract, its end."""

import os
import random
import shutil
import statistics
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.handlers.firefox import make_folder
from tests.image.built.conftest import EN_DE
from tests.image.built.container import SAGEMAKER

USERS = {
    "root": "0:0",
    "the image's own": "10001:10001",
    "any": f"{random.randint(20_000, 60_000)}:{random.randint(20_000, 60_000)}",
}


@pytest.mark.parametrize("user", USERS.values(), ids=USERS)
def test_it_starts_translates_and_drains_as_any_user(run, report, user):
    with run("serve", user=user) as container:
        seconds = container.wait_until_ready()
        assert container.post(b"Hello world!\n").body == b"Hallo Welt!\n"
        reply = container.post(b'{"texts": ["Good morning!"]}', "application/json")
        assert reply.json["model"]["name"] == "grown-from-firefox-tiny-en-de"
        report(
            f"user {user}: ready after {seconds:.2f} s,"
            f" {container.peak_memory() / 2**20:.0f} MiB of memory"
        )
        assert container.stop() == 0, container.errors()


def test_a_start_that_reads_all_from_the_disk_is_reported(run, root, report):
    """As on a machine that pulled the image just now: nothing of it is in the page cache."""
    seconds = {"cold": [], "warm": []}
    for _ in range(3):
        for cache, found in seconds.items():
            if cache == "cold":
                forget(root)
                forget(EN_DE)
            with run("serve", user=USERS["any"]) as container:
                found.append(container.wait_until_ready())
                assert container.stop() == 0, container.errors()
    cold, warm = (statistics.median(found) for found in seconds.values())
    report(f"ready after {cold:.2f} s, nothing in the page cache; {warm:.2f} s, all in it")


def forget(folder):
    """Leaves no page of `folder`'s files in memory, but those that are mapped."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def test_a_request_under_way_when_it_is_told_to_stop_is_answered(run):
    text = "The weather is nice today. " * 150
    with run("serve", user=USERS["any"]) as container, ThreadPoolExecutor(4) as pool:
        container.wait_until_ready()
        replies = [pool.submit(container.post, text.encode()) for _ in range(4)]
        while not any(future.running() for future in replies):
            pass
        assert container.stop() == 0
        assert {future.result().status for future in replies} <= {200, 503}
        assert any(future.result().status == 200 for future in replies)


def test_four_megabytes_is_the_limit(run):
    with run("serve") as container:
        container.wait_until_ready()
        reply = container.post(b"a" * (4 * 2**20 + 1))
        assert (reply.status, reply.json["error"]["code"]) == (413, "too_large")
        largest = container.post(b" " * (4 * 2**20))
        assert largest.status in (200, 413)
        assert container.post(b"Hello world!").body == b"Hallo Welt!"


def test_firefoxs_files_are_served_as_they_are(run, tmp_path):
    """The pair is what the stack tells the container."""
    tmp_path.chmod(0o755)
    environment = {**SAGEMAKER, "SERVING_PAIR": "en_pt"}
    model = make_folder("en_pt", tmp_path)
    with run("serve", model=model, user=USERS["any"], environment=environment) as container:
        container.wait_until_ready()
        assert container.post(b"Good morning!").body == b"Bom dia!"
        assert container.stop() == 0, container.errors()


def broken_copy(tmp_path):
    model = tmp_path / "model"
    shutil.copytree(EN_DE, model)
    return model, model / "ctranslate2_model" / "model.bin"


def test_a_flipped_byte_ends_the_start_with_one_sentence(run, tmp_path):
    model, weights = broken_copy(tmp_path)
    content = bytearray(weights.read_bytes())
    content[4_000_000] ^= 1
    weights.write_bytes(content)
    with run("serve", model=model) as container:
        assert container.process.wait(15) != 0
        assert "model.bin is altered: its sha256 is" in container.errors()
        assert "Traceback" not in container.errors()


def test_a_truncated_archive_ends_the_start_with_one_sentence(run, tmp_path):
    model, weights = broken_copy(tmp_path)
    weights.unlink()
    with run("serve", model=model) as container:
        assert container.process.wait(15) != 0
        assert "model.bin is missing" in container.errors()


def test_train_says_that_there_is_nothing_to_train(run):
    with run("train") as container:
        assert container.process.wait(15) == 0


def test_the_health_check_tells_ready_from_not(run, config):
    check = config["Healthcheck"]["Test"]
    assert check[0] == "CMD"
    with run("serve") as container:
        container.wait_until_ready()
        assert container.start(check[1:]).wait(15) == 0
        container.stop()
        assert container.start(check[1:]).wait(15) != 0


def test_the_disk_really_is_read_only(run):
    script = "import pathlib; pathlib.Path('/opt/program/x').touch()"
    with run("serve", user="0:0") as container:
        assert container.start(["python3", "-c", script]).wait(15) == 1
        assert "Read-only file system" in container.errors()
        assert container.start(["touch", "/tmp/x"]).wait(15) == 0


def test_no_installer_is_left_in_it(run):
    with run("serve") as container:
        done = container.start(["python3", "-m", "pip", "--version"]).wait(15)
        assert (done, "No module named pip" in container.errors()) == (1, True)
