"""What lies in the image, and what its configuration says."""

import os
import re
import tomllib
from pathlib import Path

from tests.image.built.container import mounted

ROOT = Path(__file__).parents[3]
LARGEST = 300 * 10**6  # bytes beyond the base
MOUNT_POINTS = {"etc/hostname", "etc/hosts", "etc/resolv.conf"}  # left by the builder, empty
UNWANTED = re.compile(
    r"(^|/)(tests?|\.git[^/]*|\.cache|\.env|\.aws|\.venv|\.pypirc|\.netrc|\.?pip\.conf|pip|"
    r"[^/]*\.(pem|key|crt|part|log)|requirements[^/]*|conftest\.py)(/|$)"
)


def files(root):
    """Path and size of each file under /; the base's own are in its list too."""
    found = {}
    for folder, _, names in os.walk(root):
        for path in (Path(folder) / name for name in names):
            found[path.relative_to(root).as_posix()] = path.lstat().st_size
    return found


def test_it_adds_little_to_its_base_and_nothing_unwanted(root, report):
    with mounted(os.environ["IMAGE_BASE"]) as base:
        before = files(base)
    before |= dict.fromkeys(MOUNT_POINTS, 0)
    added = {name: size for name, size in files(root).items() if name not in before}
    assert [name for name in added if UNWANTED.search(name)] == []
    assert [name for name in added if not name.startswith("opt/")] == []
    assert "opt/program/serving/__main__.py" in added
    size = sum(added.values())
    report(f"{size / 1e6:.0f} MB in {len(added)} files beyond the base")
    assert size <= LARGEST


def test_the_configuration_is_what_sagemaker_needs(config):
    assert config["Entrypoint"] == ["python3", "-m", "serving"]
    assert config["Cmd"] == ["serve"]
    assert config["User"] == "10001:10001"
    assert "8080/tcp" in config["ExposedPorts"]
    names = {text.split("=")[0] for text in config["Env"]}
    assert names == {"PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def test_the_labels_tell_where_it_came_from(config):
    labels = {k.rpartition("image.")[2]: v for k, v in config["Labels"].items()}
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert labels["version"] == version
    assert labels["licenses"] == "Apache-2.0"
    assert re.fullmatch(r"[0-9a-f]{40}", labels["revision"])
    assert labels["base.name"] == os.environ["IMAGE_BASE"]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", labels["base.digest"])


def test_all_of_it_is_byte_compiled(root):
    for package in ("serving", "handlers", "model_folder"):
        for source in (root / "opt" / "program" / package).rglob("*.py"):
            assert list((source.parent / "__pycache__").glob(f"{source.stem}.cpython-*.pyc"))
