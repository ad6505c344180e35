/// What tells that a file was changed or replaced, also through a symbolic link.
struct FileStamp: Equatable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int
    /// Nanoseconds since 1970.
    let modified: Int64
    let changed: Int64
}
