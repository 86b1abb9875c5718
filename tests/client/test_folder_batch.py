"""batch IN OUT with two folders."""

import pytest


@pytest.fixture
def folders(tmp_path):
    source = tmp_path / "in"
    (source / "deep" / "er").mkdir(parents=True)
    (source / "a.txt").write_text("One\nTwo\n")
    (source / "deep" / "er" / "b.md").write_bytes(b"Three\r\n\r\nFour")
    (source / "empty.txt").touch()
    (source / ".hidden").write_text("Never")
    return source, tmp_path / "out"


def tree(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )


def test_texts_get_sagemakers_names_and_documents_keep_theirs(pseudo_cli, folders):
    end = pseudo_cli.run("batch", *folders)
    assert (end.code, end.err) == (0, "3 files translated, 0 were finished before.\n")
    assert tree(folders[1]) == ["a.txt.out", "deep/er/b.md", "empty.txt.out"]
    assert (folders[1] / "deep/er/b.md").read_bytes().count(b"\r\n") == 2


def test_what_is_finished_is_not_done_again(pseudo_cli, folders):
    pseudo_cli.run("batch", *folders)
    (folders[0] / "a.txt").write_text("Changed\n")
    (folders[1] / "empty.txt.out").unlink()
    end = pseudo_cli.run("batch", *folders)
    assert end.err == "2 files translated, 1 were finished before.\n"
    assert "Çĥåñĝéð" in (folders[1] / "a.txt.out").read_text()


def test_another_pair_is_done_again(pseudo_cli, cli, folders):
    pseudo_cli.run("batch", *folders)
    end = cli.run("batch", *folders)
    assert end.err.endswith("3 files translated, 0 were finished before.\n")


def test_a_file_that_is_refused_does_not_stop_the_others(pseudo_cli, folders):
    (folders[0] / "a.txt").write_bytes(b"\xff")
    end = pseudo_cli.run("batch", *folders)
    assert end.code == 4
    assert "a.txt is left out. " in end.err and "is not UTF-8" in end.err
    assert end.err.endswith("translate.py: 1 of 3 files could not be translated.\n")
    assert tree(folders[1]) == ["deep/er/b.md", "empty.txt.out"]


def test_output_inside_input_is_no_input(pseudo_cli, folders):
    inside = folders[0] / "out"
    assert pseudo_cli.run("batch", folders[0], inside).code == 0
    end = pseudo_cli.run("batch", folders[0], inside)
    assert end.err == "0 files translated, 3 were finished before.\n"


def test_a_damaged_list_of_finished_files_costs_only_work(pseudo_cli, folders):
    pseudo_cli.run("batch", *folders)
    finished = folders[1] / ".translated.jsonl"
    finished.write_bytes(finished.read_bytes()[:-5])
    end = pseudo_cli.run("batch", *folders)
    assert (end.code, end.err) == (0, "1 files translated, 2 were finished before.\n")


def test_a_terminal_shows_one_bar(pseudo_cli, folders):
    end = pseudo_cli.run_on_terminal("batch", *folders)
    assert (end.code, "in: 100%|" in end.err) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{in}", "{in}"], "{in} is the input folder. Name another for the output."),
        (["{in}/none", "{out}"], "{in}/none is no folder. Name one that holds text files."),
        (["{in}/deep", "{in}/deep/er"], "{in}/deep holds no file to translate."),
    ],
    ids=str,
)
def test_mistakes(pseudo_cli, folders, arguments, message):
    names = {"in": folders[0], "out": folders[1]}
    end = pseudo_cli.run("batch", *(argument.format(**names) for argument in arguments))
    assert (end.code, end.err) == (2, f"translate.py: {message.format(**names)}\n")
