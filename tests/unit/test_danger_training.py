"""What the encoder of danger goes on with when new messages were written."""

from __future__ import annotations

from pathlib import Path

from assistant.urgency.training import Labelled, kept_out, load_messages


def _write(folder: Path, name: str, pairs: int) -> None:
    lines = [
        f"  - {{text: '{name} {number} {side}', danger: [{kind}]}}"
        for number in range(pairs)
        for side, kind in (("danger", "suicide"), ("sosie", ""))
    ]
    text = "\n".join(["messages:", *lines])
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")


def test_new_messages_are_read_twice_beside_the_others(tmp_path: Path) -> None:
    """Seven pairs of eight; the eighth is kept out whole, to look at."""
    _write(tmp_path, "anciens", 5)
    _write(tmp_path, "neufs", 16)
    left = kept_out(["neufs"], tmp_path)
    read = load_messages(tmp_path, ["neufs"])
    assert left == [
        Labelled("neufs 3 danger", ("suicide",)), Labelled("neufs 3 sosie", ()),
        Labelled("neufs 11 danger", ("suicide",)), Labelled("neufs 11 sosie", ()),
    ]  # fmt: skip
    assert not set(left) & set(read)
    assert sum(one.text.startswith("anciens") for one in read) == 10
    assert all(read.count(one) == 2 for one in read if one.text.startswith("neufs"))
    assert len(read) == 10 + 2 * 28


def test_without_new_files_every_message_is_read_once(tmp_path: Path) -> None:
    """A first training reads everything."""
    _write(tmp_path, "anciens", 5)
    _write(tmp_path, "neufs", 16)
    read = load_messages(tmp_path)
    assert len(read) == len(set(read)) == 42
