/// One file, or the data directory itself.
struct FileFacts: Equatable {
    enum Kind {
        case regular
        case directory
        case other
    }

    var path: String
    var kind: Kind
    /// The user that it belongs to.
    var owner: UInt32
    /// Its permissions, with the sticky bit.
    var mode: UInt32
}
