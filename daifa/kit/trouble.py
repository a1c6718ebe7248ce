"""What the operating system has against a file, in words a person knows."""

from __future__ import annotations

import errno

_WORDS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "它的上一级不是文件夹",
    errno.EISDIR: "这是一个文件夹，不是文件",
    errno.EEXIST: "同名的文件已经在那里",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "超过了磁盘配额",
    errno.ENAMETOOLONG: "文件名太长",
}


def trouble(error: OSError) -> str:
    """The reason in Chinese; the system's own words for a rare one."""
    return _WORDS.get(error.errno or 0) or error.strerror or str(error)
