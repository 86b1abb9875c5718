"""The build changes with everything that goes into the image, and with nothing else."""

import os
import re
import shutil
import threading

import pytest

from infra.image import CACHE, CONTEXT, context_digest, lay_out_context
from tests.running import ROOT

KEPT = (ROOT / ".dockerignore").read_text("utf-8").splitlines()


@pytest.fixture
def checkout(tmp_path):
    for name in CONTEXT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_a_build_sees_only_what_the_images_are_made_of():
    """Of the stack's image the gateway is no part, and is not in what the stack lays out."""
    assert KEPT[1] == "*"
    assert {line[1:] for line in KEPT if line.startswith("!")} <= {
        *CONTEXT,
        *("gateway", "file_formats"),
    }


def stages():
    """Of each stage of the Dockerfile what it stands on, and what it copies of ours."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    for stage in re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]:
        base, _, name = stage.splitlines()[0].partition(" AS ")
        needs = {base, *re.findall(r"^COPY --from=(\S+)", stage, re.MULTILINE)}
        copied = re.findall(r"^COPY (?!--from)(.+) \S+$", stage, re.MULTILINE)
        yield name, needs, set(" ".join(copied).split())


def test_the_stacks_image_is_made_of_nothing_but_what_the_tag_is_made_of():
    """It is the last stage; no other than those it needs is built for it."""
    *earlier, (_, waiting, copied) = stages()
    for name, needs, more in reversed(earlier):
        if name in waiting:
            waiting, copied = waiting | needs, copied | more
    assert copied
    assert {source.partition("/")[0] for source in copied} <= set(CONTEXT)


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore", "serving/__init__.py"])
def test_a_change_changes_the_tag(checkout, name):
    before = context_digest(checkout)
    with (checkout / name).open("a") as stream:
        stream.write("\n# changed\n")
    assert context_digest(checkout) != before


def test_byte_code_and_other_files_do_not(checkout):
    before = context_digest(checkout)
    cache = checkout / "serving" / "__pycache__"
    cache.mkdir(exist_ok=True)
    (cache / "more.pyc").write_bytes(b"")
    (checkout / "README.md").write_text("other")
    (checkout / "serving" / ".editor.swp").write_text("half a line")
    assert context_digest(checkout) == before


@pytest.fixture
def other_checkout(tmp_path, checkout):
    """The same files elsewhere, as another umask leaves them."""
    other = tmp_path / "elsewhere"
    other.mkdir()
    for name in CONTEXT:
        copy = shutil.copytree if (checkout / name).is_dir() else shutil.copy
        copy(checkout / name, other / name)
    for path in other.rglob("*"):
        path.chmod(0o775 if path.is_dir() else 0o664)
    return other


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mode,
            path.is_file() and path.read_bytes(),
        )
        for path in folder.rglob("*")
    }


def test_the_build_is_the_same_in_every_checkout(checkout, other_checkout):
    umask = os.umask(0o077)
    try:
        here = lay_out_context(checkout)
    finally:
        os.umask(umask)
    there = lay_out_context(other_checkout)
    assert here == there
    assert not here.startswith("/")
    found = contents(checkout / here)
    assert found == contents(other_checkout / there)
    assert {name.partition("/")[0] for name in found} == set(CONTEXT)
    assert found["serving/__init__.py"][1] == (checkout / "serving/__init__.py").read_bytes()


def test_an_old_context_does_not_become_the_new_one(checkout):
    before = lay_out_context(checkout)
    with (checkout / "Dockerfile").open("a") as stream:
        stream.write("\n# changed\n")
    after = lay_out_context(checkout)
    assert after != before
    assert (checkout / after / "Dockerfile").read_text().endswith("# changed\n")


def test_several_may_lay_it_out_at_once(checkout):
    found, start = [], threading.Barrier(4)

    def lay_out():
        start.wait()
        found.append(lay_out_context(checkout))

    threads = [threading.Thread(target=lay_out) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1
    assert [path.name for path in (checkout / CACHE).iterdir()] == [found[0].rpartition("/")[2]]
