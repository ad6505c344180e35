/// Which files are behind the paths of the database and its WAL: a path may lead to another file
/// than the one that was opened.
struct FileIdentity: Equatable {
    struct Node: Equatable {
        let device: UInt64
        let number: UInt64
    }

    static let none = FileIdentity(database: nil, wal: nil)

    /// Nil if there is no such file.
    let database: Node?
    let wal: Node?
}
