#!/usr/bin/env python3
"""A file system that passes everything on to a folder, but for its oddities: odd_disk.py FOLDER MOUNTPOINT [ODDITY...]

  exdev        a rename or link from one folder at the root into another is refused, as between two disks
  links        there are no hard links
  times        times cannot be set
  early-times  times before 1980 cannot be set
  sync         files and folders cannot be made durable
  modes        every file and folder is open to everybody, whatever is asked for
  no-statfs    nobody can tell how much is free
  zero-statfs  all is told as 0
  names        a name takes 143 bytes at most
  locked       what is named "Locked" or "locked.jpg" may not be opened, made in, or looked into
"""
import errno
import os
import sys

try:
    import fusepy as fuse
except ImportError:
    import fuse

root, mountpoint, *oddities = sys.argv[1:]


def refuse(code):
    raise fuse.FuseOSError(code)


class OddDisk(fuse.Operations):
    def __init__(self):
        self.use_ns = True

    def __call__(self, op, path, *args):
        if "names" in oddities and len(os.path.basename(path).encode()) > 143:
            refuse(errno.ENAMETOOLONG)
        if "locked" in oddities and op not in ("getattr", "link", "rename"):
            if set(path.split("/")) & {"Locked", "locked.jpg"}:
                refuse(errno.EACCES)
        try:
            return super().__call__(op, path, *args)
        except OSError as error:
            refuse(error.errno)

    def at(self, path):
        return root + path

    def cross(self, a, b):
        if "locked" in oddities and set((a + b).split("/")) & {"Locked", "locked.jpg"}:
            refuse(errno.EACCES)
        if "names" in oddities and len(os.path.basename(b).encode()) > 143:
            refuse(errno.ENAMETOOLONG)
        if "exdev" in oddities and a.split("/")[1] != b.split("/")[1]:
            refuse(errno.EXDEV)

    def getattr(self, path, fh=None):
        found = os.lstat(self.at(path))
        told = {
            "st_" + name: getattr(found, "st_" + name)
            for name in ("mode", "nlink", "size", "uid", "gid", "ino", "blocks", "blksize")
        }
        for name in ("atime", "mtime", "ctime"):
            told["st_" + name] = getattr(found, f"st_{name}_ns")
        if "modes" in oddities:
            told["st_mode"] |= 0o777
        return told

    def access(self, path, mode):
        if not os.access(self.at(path), mode):
            refuse(errno.EACCES)

    def readdir(self, path, fh):
        return [".", ".."] + os.listdir(self.at(path))

    def readlink(self, path):
        return os.readlink(self.at(path))

    def symlink(self, target, source):
        os.symlink(source, self.at(target))

    def link(self, target, source):
        self.cross(source, target)
        if "links" in oddities:
            refuse(errno.EPERM)
        os.link(self.at(source), self.at(target))

    def rename(self, old, new):
        self.cross(old, new)
        os.rename(self.at(old), self.at(new))

    def mkdir(self, path, mode):
        os.mkdir(self.at(path), mode)

    def rmdir(self, path):
        os.rmdir(self.at(path))

    def unlink(self, path):
        os.unlink(self.at(path))

    def chmod(self, path, mode):
        if "modes" not in oddities:
            os.chmod(self.at(path), mode)

    def chown(self, path, uid, gid):
        os.chown(self.at(path), uid, gid)

    def utimens(self, path, times=None):
        if "times" in oddities:
            refuse(errno.EPERM)
        if "early-times" in oddities and times and times[1] < 315532800 * 10**9:
            refuse(errno.EINVAL)
        os.utime(self.at(path), ns=tuple(int(time) for time in times) if times else None)

    def open(self, path, flags):
        return os.open(self.at(path), flags)

    def create(self, path, mode, fi=None):
        return os.open(self.at(path), os.O_RDWR | os.O_CREAT, mode)

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def write(self, path, data, offset, fh):
        return os.pwrite(fh, data, offset)

    def truncate(self, path, length, fh=None):
        os.truncate(self.at(path), length)

    def release(self, path, fh):
        os.close(fh)

    def flush(self, path, fh):
        pass

    def fsync(self, path, datasync, fh):
        if "sync" in oddities:
            refuse(errno.EINVAL)
        os.fsync(fh)

    def fsyncdir(self, path, datasync, fh):
        if "sync" in oddities:
            refuse(errno.EINVAL)

    def statfs(self, path):
        if "no-statfs" in oddities:
            refuse(errno.ENOSYS)
        found = os.statvfs(root)
        names = ("bavail", "bfree", "blocks", "bsize", "favail", "ffree", "files", "frsize", "namemax")
        return {"f_" + name: 0 if "zero-statfs" in oddities else getattr(found, "f_" + name) for name in names}


fuse.FUSE(OddDisk(), mountpoint, foreground=True, nothreads=True, big_writes=True, attr_timeout=0, entry_timeout=0)
