/// The file system of the data directory.
struct DiskFacts: Equatable {
    enum Kind: String {
        case ordinary = "an ordinary one"
        case network = "a network file system"
        case overlay = "a container's own layer"
        case memory = "memory"

        /// Tells it by the name that the kernel has for it.
        init(name: some StringProtocol) {
            self =
                switch name {
                case "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre",
                    "glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.ceph", "ocfs2", "gfs2":
                    .network
                case "overlay", "aufs", "fuse.fuse-overlayfs": .overlay
                case "tmpfs", "ramfs": .memory
                default: .ordinary
                }
        }

        /// Tells that of a path from the text of /proc/self/mountinfo (proc(5)). The innermost
        /// mount counts, and the last one there.
        init(of path: String, mounts: String) {
            var (longest, name) = (0, Substring())
            for line in mounts.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let dash = words.firstIndex(of: "-"), dash + 1 < words.count, dash > 4 else {
                    continue
                }
                let point = words[4].replacing("\\040", with: " ")
                let inside = point == "/" || path == point || path.hasPrefix(point + "/")
                guard inside, point.utf8.count >= longest else { continue }
                (longest, name) = (point.utf8.count, words[dash + 1])
            }
            self.init(name: name)
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
