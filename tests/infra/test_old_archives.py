"""Archives that nothing uses end 30 days after the last use, and no sooner."""

from datetime import UTC, datetime, timedelta

import boto3
import moto
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from infra import old_archives
from tests.infra.recorded import REGION

BUCKET = "ours"
OLD, NEW = "models/en_de/0123/model.tar.gz", "models/en_de/4567/model.tar.gz"
NO_ARCHIVE = ("models/en_de/notes.txt", "models/model.tar.gz", "batch/in/x/model.tar.gz")


@pytest.fixture
def s3():
    with moto.mock_aws():
        client = boto3.client("s3", region_name=REGION)
        client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        on = {"Status": "Enabled"}
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=on)
        for key in (OLD, NEW, *NO_ARCHIVE):
            client.put_object(Bucket=BUCKET, Key=key, Body=key.encode(), Tagging="team=x")
        yield client


def tags(s3, key):
    return {t["Key"]: t["Value"] for t in s3.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]}


def test_what_nothing_uses_is_marked_and_still_there(s3):
    old_archives.sort_out(REGION, BUCKET, {NEW})
    assert tags(s3, OLD) == {"unused": "yes"}
    assert s3.get_object(Bucket=BUCKET, Key=OLD)["Body"].read() == OLD.encode()
    for key in (NEW, *NO_ARCHIVE):
        assert tags(s3, key) == {"team": "x"}, key


def test_the_days_are_counted_from_then(s3):
    written = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[BUCKET].keys[OLD]
    written.last_modified = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=400)
    old_archives.sort_out(REGION, BUCKET, {NEW})
    marked = s3.head_object(Bucket=BUCKET, Key=OLD)["LastModified"]
    assert datetime.now(UTC) - marked < timedelta(minutes=5)
    versions = s3.list_object_versions(Bucket=BUCKET, Prefix=OLD)["Versions"]
    old_archives.sort_out(REGION, BUCKET, {NEW})
    assert len(s3.list_object_versions(Bucket=BUCKET, Prefix=OLD)["Versions"]) == len(versions)


def test_what_is_used_again_stays(s3):
    old_archives.sort_out(REGION, BUCKET, {NEW})
    old_archives.sort_out(REGION, BUCKET, {OLD})
    assert (tags(s3, OLD), tags(s3, NEW)) == ({}, {"unused": "yes"})


def test_who_may_not_is_told_and_goes_on(s3, monkeypatch):
    said = []
    monkeypatch.setattr("pulumi.log.warn", said.append)
    old_archives.sort_out(REGION, "another", {NEW})
    assert "old archives in another are kept for longer than need be" in said[0]
