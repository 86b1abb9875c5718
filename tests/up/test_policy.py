"""The policy pack on Pulumi's own engine: docs/security.md's command, and what it refuses."""

import pytest

from policy.rules import RULES
from tests.docs.blocks import blocks
from tests.running import ROOT
from tests.up.workplace import EN_DE

STACK = "policed"
MAKE, PREVIEW = next(
    block.splitlines()
    for block in blocks(ROOT / "docs" / "security.md", "sh")
    if "policy-pack" in block
)


@pytest.fixture(scope="module")
def checkout(desk):
    """With the pack's own environment, as `make policy` has made it here."""
    assert MAKE == "make policy"
    made = ROOT / ".venv-policy"
    assert made.exists(), "the pack has no environment. Run `make policy`, as `make test-up` does"
    one = desk.checkout("policed")
    (one.folder / ".venv-policy").symlink_to(made)
    one.configure(STACK, models=[EN_DE], alarmEmail="team@example.com")
    one.run("stack", "init", STACK)
    return one


def test_the_stack_keeps_every_rule(checkout):
    said = checkout.shell(PREVIEW)
    assert said.code == 0, said.text
    assert "serverless-translation" in said.text.partition("Policies:")[2], said.text
    assert "mandatory" not in said.text and "can't run policy" not in said.text, said.text


def test_changes_that_break_a_rule_are_refused(checkout):
    change(checkout.folder / "infra" / "bucket.py", "block_public_acls=True", "False")
    change(checkout.folder / "infra" / "monitoring.py", "alarm_actions=[self.topic]", "[]")
    said = checkout.shell(PREVIEW)
    assert said.code != 0, said.text
    assert "[mandatory]" in said.text, said.text
    for rule, sentence in (
        ("buckets-are-closed", "does not set blockPublicAcls."),
        ("alarms-reach-somebody", "tells nobody."),
    ):
        assert rule.replace("-", "_") in {known.__name__ for known in RULES}
        assert rule in said.text and sentence in said.text, said.text


def change(path, setting, value):
    text = path.read_text("utf-8")
    assert setting in text
    path.write_text(text.replace(setting, f"{setting.partition('=')[0]}={value}"), "utf-8")
