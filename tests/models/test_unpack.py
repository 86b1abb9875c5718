"""Archives from anyone: only plain files, only inside, only so many, only so large."""

import gzip
import io
import stat
import tarfile
import tracemalloc
import zipfile

import pytest

from handlers import ModelError
from models import unpack


def zipped(path, *members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for member, content in members:
            package.writestr(member, content)
    return path


def zip_entry(name, mode):
    member = zipfile.ZipInfo(name)
    member.external_attr = mode << 16
    return member


def tarred(path, *members):
    with tarfile.open(path, "w:gz") as package:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type, member.size = kind, len(content)
            member.linkname, member.mode = "/etc/passwd", 0o4777
            package.addfile(member, io.BytesIO(content))
    return path


def test_files_and_folders_come_out_plain(tmp_path):
    regular, folder = (tarfile.REGTYPE, b"x"), (tarfile.DIRTYPE, b"")
    archive = tarred(tmp_path / "a.tar.gz", ("m", *folder), ("m/a", *regular), ("m/b/c", *regular))
    unpack.unpack(archive, tmp_path / "out")
    files = sorted(
        p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*")
    )
    assert files == ["m", "m/a", "m/b", "m/b/c"]
    assert (tmp_path / "out" / "m" / "a").stat().st_mode & 0o7111 == 0


NAMES = ["/etc/cron.d/x", "../x", "m/../../x", "m\\..\\x", "C:x"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leaves_the_folder_is_refused(tmp_path, name):
    for archive in (
        zipped(tmp_path / "a.zip", (name, b"x")),
        tarred(tmp_path / "a.tar.gz", (name, tarfile.REGTYPE, b"x")),
    ):
        with pytest.raises(ModelError, match=r"would be written outside of its folder"):
            unpack.unpack(archive, tmp_path / "out")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path, kind):
    archive = tarred(tmp_path / "a.tar.gz", ("model.bin", kind, b""))
    with pytest.raises(ModelError, match=r"'model.bin' is a link or a device"):
        unpack.unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_are_refused(tmp_path, kind):
    archive = zipped(tmp_path / "a.zip", (zip_entry("model.bin", kind | 0o777), b"/etc/passwd"))
    with pytest.raises(ModelError, match=r"'model.bin' is a link or a device"):
        unpack.unpack(archive, tmp_path / "out")


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "MAX_FILES", 3)
    archive = zipped(tmp_path / "a.zip", *((str(n), b"") for n in range(4)))
    with pytest.raises(ModelError, match=r"more than 3 members"):
        unpack.unpack(archive, tmp_path / "out")


def test_a_bomb_stops_near_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "MAX_BYTES", 5_000_000)
    archive = zipped(tmp_path / "a.zip", ("model.bin", bytes(200_000_000)))
    with pytest.raises(ModelError, match=r"unpacks to more than 5000000 bytes"):
        unpack.unpack(archive, tmp_path / "out")
    assert (tmp_path / "out" / "model.bin").stat().st_size < 8_000_000


def test_a_name_that_comes_twice_is_refused(tmp_path):
    regular = (tarfile.REGTYPE, b"x")
    archive = tarred(tmp_path / "a.tar.gz", ("a", *regular), ("a", *regular))
    with pytest.raises(ModelError, match=r"cannot be unpacked .*File exists"):
        unpack.unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("make", ["zip", "tar"])
def test_a_damaged_archive_is_one_sentence(tmp_path, make):
    if make == "zip":
        archive = zipped(tmp_path / "a.zip", ("a", bytes(range(256)) * 400))
        content = bytearray(archive.read_bytes())
        content[60:90] = bytes(30)
        archive.write_bytes(content)
    else:
        archive = tarred(tmp_path / "a.tar.gz", ("a", tarfile.REGTYPE, bytes(range(256)) * 400))
        archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(ModelError, match=r"cannot be unpacked .* Copy it again"):
        unpack.unpack(archive, tmp_path / "out")


def extended(path, *headers, compress=True):
    """A tar file of raw headers, each with its content."""
    with (gzip.open if compress else open)(path, "wb") as file:
        for kind, size, content, name in headers:
            member = tarfile.TarInfo(name)
            member.type, member.size = kind, size
            file.write(member.tobuf(tarfile.GNU_FORMAT if size < 0 else tarfile.USTAR_FORMAT))
            for start in range(0, size, 1 << 20):
                file.write(content * (min(1 << 20, size - start) // len(content)))
            file.write(bytes(-size % 512))
        file.write(bytes(1024))
    return path


@pytest.mark.parametrize(
    "kind",
    [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK],
)
def test_an_endless_header_is_refused_unread(tmp_path, kind):
    """60 MB, in some 60 kB of an archive, would lie in memory three times."""
    archive = extended(tmp_path / "a.tar.gz", (kind, 60 << 20, b"a", "long"))
    tracemalloc.start()
    assert unpack.is_archive(archive)
    with pytest.raises(ModelError, match=r"extended headers are over 4000000 bytes"):
        unpack.unpack(archive, tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_many_headers_count_together(tmp_path):
    header = (tarfile.XGLTYPE, 1 << 20, b"a", "long")
    member = (tarfile.REGTYPE, 0, b"a", "a")
    archive = extended(tmp_path / "a.tar", *[member, header] * 5, compress=False)
    with pytest.raises(ModelError):
        unpack.unpack(archive, tmp_path / "out")


def test_long_names_are_read(tmp_path):
    name = "/".join(["n" * 100] * 5)
    archive = tarred(tmp_path / "a.tar.gz", (name, tarfile.REGTYPE, b"x"))
    unpack.unpack(archive, tmp_path / "out")
    assert (tmp_path / "out" / name).read_bytes() == b"x"


def test_a_negative_size_is_refused(tmp_path):
    archive = extended(tmp_path / "a.tar", (tarfile.REGTYPE, -512, b"a", "a"), compress=False)
    with pytest.raises(ModelError, match="a member has a negative size"):
        unpack.unpack(archive, tmp_path / "out")


def test_sparse_members_are_refused(tmp_path):
    old = extended(tmp_path / "old.tar", (tarfile.GNUTYPE_SPARSE, 512, b"a", "a"), compress=False)
    with tarfile.open(tmp_path / "new.tar", "w", format=tarfile.PAX_FORMAT) as package:
        member = tarfile.TarInfo("a")
        member.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
        member.size = 1024
        package.addfile(member, io.BytesIO(b"99999999\n" + b"1\n" * 507 + b"\n"))
    for archive in (old, tmp_path / "new.tar"):
        with pytest.raises(ModelError, match="a member is sparse"):
            unpack.unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("name", ["", ".", "./", "/."])
def test_a_name_that_names_nothing_is_refused(tmp_path, name):
    archives = [tarred(tmp_path / "a.tar.gz", (name, tarfile.REGTYPE, b"x"))]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        package.writestr("x", b"x")
        package.filelist[0].filename = package.filelist[0].orig_filename = name
    for archive in [*archives, tmp_path / "a.zip"]:
        with pytest.raises(ModelError, match=r"names no file|outside of its folder|cannot be"):
            unpack.unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("make", [zipped, tarred])
def test_an_empty_archive_is_an_empty_folder(tmp_path, make):
    unpack.unpack(make(tmp_path / "a"), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
