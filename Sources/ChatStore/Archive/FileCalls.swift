internal import Glibc

/// System calls on files that Foundation doesn't have.
///
/// Invariant of the unsafe calls here: each passes C strings of paths, or memory of this frame, to
/// a function that uses them only during the call. The text of an error is copied at once.
enum FileCalls {
    /// A system call has failed.
    struct Failure: Error, Equatable, CustomStringConvertible {
        enum Reason: Equatable {
            case missing
            case denied
            case other
        }

        let errno: Int32

        var reason: Reason {
            switch errno {
            case ENOENT, ENOTDIR: .missing
            case EACCES, EPERM, EROFS: .denied
            default: .other
            }
        }

        var description: String { unsafe String(cString: strerror(errno)) }
    }

    /// Which file a path or a descriptor stands for.
    struct Node: Equatable {
        let device: UInt64
        let number: UInt64
        let isRegular: Bool
    }

    /// Opens a file for reading and writing, and creates it for this user alone if there is none.
    /// A symbolic link is refused.
    static func openOwn(_ path: String) throws(Failure) -> Int32 {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        try check(descriptor)
        return descriptor
    }

    /// Takes the lock of an open file, if nobody has it.
    static func lock(_ descriptor: Int32) -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Empties an open file, and takes it from everybody else.
    static func clear(_ descriptor: Int32) throws(Failure) {
        try check(ftruncate(descriptor, 0))
        try check(fchmod(descriptor, 0o600))
    }

    /// Writes all bytes.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count > 0 {
                start += count
            } else if errno != EINTR {
                throw Failure(errno: errno)
            }
        }
    }

    /// Waits until the content of an open file is on the disk.
    static func synchronize(_ descriptor: Int32) throws(Failure) { try check(fsync(descriptor)) }

    /// Waits until the names in a directory are on the disk, if its file system can say so.
    static func synchronize(directory: String) {
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    static func node(of descriptor: Int32) -> Node? {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        return Node(status)
    }

    /// The file at a path, behind symbolic links. Nil if there is none.
    static func node(at path: String) -> Node? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Node(status)
    }

    /// Why there is no file at a path, behind symbolic links. Nil if there is one.
    static func failure(at path: String) -> Failure? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? nil : Failure(errno: errno)
    }

    /// Gives a file another name. A file of that name is replaced.
    static func move(_ path: String, to other: String) throws(Failure) {
        try check(unsafe rename(path, other))
    }

    /// Gives a file a second name, which must be free.
    static func link(_ path: String, as other: String) throws(Failure) {
        try check(unsafe Glibc.link(path, other))
    }

    /// Removes a name, if it is there.
    static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Gives a file, if it is there, to the owner of a directory. Only root can, and needs to: the
    /// daemon couldn't open what root has made.
    static func give(_ path: String, toOwnerOf directory: String) throws(Failure) {
        var status = stat()
        guard geteuid() == 0, unsafe stat(directory, &status) == 0, failure(at: path) == nil else {
            return
        }
        try check(unsafe lchown(path, status.st_uid, status.st_gid))
    }

    private static func check(_ result: Int32) throws(Failure) {
        guard result < 0 else { return }
        throw Failure(errno: errno)
    }
}

extension FileCalls.Node {
    fileprivate init(_ status: stat) {
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }
}
