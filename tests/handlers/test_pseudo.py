"""The pseudo-localiser, as a user interface's developer would use it."""

from handlers.pseudo import pseudo
from tests.running import Server


def test_letters_get_accents_and_placeholders_stay():
    assert pseudo("Save {n} of %d files to <b>%(name)s</b>").startswith(
        "[Šåvé {n} öf %d fîļéš ţö <b>%(name)s</b> ~"
    )


def test_text_grows_by_a_third():
    assert pseudo("abcdef") == "[åbçðéf ~~]"


def test_an_empty_folder_serves_it(tmp_path):
    (tmp_path / "en_en-XA").mkdir()
    with Server(tmp_path) as server:
        reply = server.translate("Save", source="en", target="en-xa")
        assert reply.json["translations"][0]["text"] == "[Šåvé ~~]"
