/// The file system of the data directory.
struct DiskFacts: Equatable {
    enum Kind: String {
        case ordinary = "an ordinary one"
        case network = "a network file system"
        case overlay = "a container's own layer"
        case memory = "memory"

        /// Tells it by the number that statfs(2) gives.
        init(magic: UInt32) {
            self =
                switch magic {
                // NFS, CIFS, SMB, SMB2, AFS, 9P and Ceph.
                case 0x6969, 0xFF53_4D42, 0x517B, 0xFE53_4D42, 0x5346_414F, 0x0102_1997,
                    0x00C3_6400:
                    .network
                case 0x794C_7630: .overlay
                // tmpfs and ramfs.
                case 0x0102_1994, 0x8584_58F6: .memory
                default: .ordinary
                }
        }
    }

    var kind = Kind.ordinary
    var bytes: Int
    /// Bytes that this user may still write.
    var freeBytes: Int
    /// The number of files that it can have. 0 if there is no limit.
    var files: Int
    var freeFiles: Int
}
