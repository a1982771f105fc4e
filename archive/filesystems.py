"""Whether a file lies on this machine's own disk. SQLite's locks and its shared memory hold on no other."""

from __future__ import annotations

import re
from pathlib import Path

#: Types of file systems (Linux, proc(5): mountinfo) whose files are another machine's, or behind a program that
#: passes no locks on. https://www.sqlite.org/wal.html: "all processes using a database must be on the same host".
NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "lustre", "beegfs", "gpfs", "gfs2", "ocfs2",
    "davfs", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.ceph", "fuse.davfs2",
    "fuse.mount-s3", "fuse.juicefs", "fuse.smbnetfs", "fuse.curlftpfs",
})  # fmt: skip
MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")


def network(path: Path) -> str | None:
    """The type of the network file system that a path lies on; None for a disk of this machine, or where the system
    does not say (no Linux)."""
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    where = f"{path.resolve()}/"
    longest, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), fields[4]).rstrip("/") + "/"
        # Of two mounts at one place the later one covers the earlier.
        if where.startswith(point) and len(point) >= len(longest):
            longest, kind = point, after.split(" ")[0]
    return kind if kind in NETWORK else None
