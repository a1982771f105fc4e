"""An archive on a network file system is refused: SQLite's locks do not hold there."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import filesystems
from archive.filesystems import network
from ingest.cli import main
from tests.test_line import put

#: Lines as Linux writes them (proc(5), mountinfo).
TABLE = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
90 27 0:50 / /mnt/wire rw,relatime shared:40 - nfs4 10.0.0.5:/wire rw,vers=4.2
91 90 254:1 / /mnt/wire/local rw,relatime - ext4 /dev/vdb rw
92 27 0:51 / /mnt/photo\040desk rw - cifs //desk/photos rw
93 27 0:52 / /srv/ssh rw,nosuid master:1 propagate_from:2 - fuse.sshfs desk@host:/ rw
94 27 0:53 / /srv/over rw - ext4 /dev/vdc rw
95 94 0:54 / /srv/over rw - nfs 10.0.0.5:/over rw
96 27 0:55 / /srv/under rw - nfs 10.0.0.5:/under rw
97 96 0:56 / /srv/under rw - xfs /dev/vdd rw
a line that is none
"""


@pytest.mark.parametrize(
    ("path", "kind", "why"),
    [
        ("/srv/desk.db", None, "a disk of this machine"),
        ("/mnt/wire/desk.db", "nfs4", "NFS"),
        ("/mnt/wire/2025/desk.db", "nfs4", "a folder in it"),
        ("/mnt/wire/local/desk.db", None, "a disk mounted inside it"),
        ("/mnt/wireless/desk.db", None, "a name that only begins alike"),
        ("/mnt/photo desk/desk.db", "cifs", "a space in the name is written as an octal number"),
        ("/srv/ssh/desk.db", "fuse.sshfs", "fields that are there or not before the dash"),
        ("/srv/over/desk.db", "nfs", "of two mounts at one place the later counts"),
        ("/srv/under/desk.db", None, "either way"),
        ("/mnt/wire/../desk.db", None, "the path is followed first"),
    ],
)
def test_a_path_is_on_the_file_system_mounted_nearest(path: str, kind: str | None, why: str, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    (tmp_path / "mountinfo").write_text(TABLE)
    monkeypatch.setattr(filesystems, "MOUNTS", tmp_path / "mountinfo")
    assert network(Path(path)) == kind, why


def test_no_table_of_mounts_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesystems, "MOUNTS", tmp_path / "not-there")
    assert network(tmp_path) is None


@pytest.mark.parametrize("command", ["ingest", "search", "backup", "restore", "serve", "verify", "dump"])
def test_no_command_takes_an_archive_there(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "in/a.jpg")
    archive = tmp_path / "desk.db"
    arguments = {"ingest": [str(tmp_path / "in")], "backup": [str(tmp_path / "b.db")], "restore": [str(archive)]}
    if command not in ("ingest", "restore"):
        assert CliRunner().invoke(main, ["ingest", str(tmp_path / "in"), "--archive", str(archive)]).exit_code == 0
    line = f"99 27 0:50 / {tmp_path.resolve()} rw - nfs4 10.0.0.5:/wire rw\n"
    (tmp_path / "mountinfo").write_text(TABLE + line)
    monkeypatch.setattr(filesystems, "MOUNTS", tmp_path / "mountinfo")
    result = CliRunner().invoke(main, [command, *arguments.get(command, []), "--archive", str(archive)])
    assert result.exit_code == 1
    assert "network file system (nfs4)" in result.output
