/// Checks who may use the data directory, and who uses it.
enum PermissionCheck {
    static func all(of data: DataFacts) -> [HostCheck] {
        [directory(data)] + files(data) + [lock(data)]
    }

    private static func directory(_ data: DataFacts) -> HostCheck {
        let name = "data directory \(data.path)"
        guard let directory = data.directory else {
            return HostCheck(name, "isn't there: the daemon makes it")
        }
        let found = "of user \(directory.owner), mode \(octal(directory.mode))"
        guard directory.kind == .directory else {
            return HostCheck(
                name, "is not a directory", .unfit, "move it away, or name another with --data")
        }
        guard directory.mode & 0o002 == 0 || directory.mode & 0o1000 != 0 else {
            return HostCheck(
                name, "\(found): everybody may write it", .unfit, "chmod 700 '\(data.path)'")
        }
        guard data.user == 0 || data.user == directory.owner else {
            return HostCheck(
                name, "\(found), and you are user \(data.user)", .doubtful,
                "run the doctor as the daemon's user, or as root")
        }
        guard directory.mode & 0o077 == 0 else {
            return HostCheck(
                name, "\(found): others may look into it", .doubtful,
                "chmod 700 '\(data.path)'; the files themselves are the daemon's alone")
        }
        return HostCheck(name, found)
    }

    private static func files(_ data: DataFacts) -> [HostCheck] {
        guard let directory = data.directory, !data.files.isEmpty else { return [] }
        let wrong = data.files.compactMap { Self.wrong($0, in: directory) }
        guard wrong.isEmpty else { return wrong }
        return [
            HostCheck(
                "files of the data directory", "\(data.files.count), for their owner alone")
        ]
    }

    /// Nil if nothing is wrong.
    private static func wrong(_ file: FileFacts, in directory: FileFacts) -> HostCheck? {
        guard file.kind == .regular else {
            return HostCheck(
                file.path, "is a link, or no file", .unfit,
                "the daemon opens no such thing: move it away, and put the file itself there")
        }
        guard file.owner == directory.owner else {
            return HostCheck(
                file.path, "of user \(file.owner), and the directory is of \(directory.owner)",
                .unfit, "chown \(directory.owner) '\(file.path)'")
        }
        guard file.mode & 0o777 == 0o600 else {
            return HostCheck(
                file.path, "mode \(octal(file.mode))", .unfit, "chmod 600 '\(file.path)'")
        }
        return nil
    }

    private static func lock(_ data: DataFacts) -> HostCheck {
        HostCheck("data directory is used by", data.holder.map { "process \($0)" } ?? "nobody")
    }

    /// Whether a file with a secret is for few.
    static func secret(_ name: String, at path: String, mode: UInt32) -> HostCheck {
        let found = "mode \(octal(mode))"
        guard mode & 0o007 == 0 else {
            return HostCheck(
                name, "\(found): everybody may read or change it", .unfit, "chmod o-rwx '\(path)'")
        }
        return HostCheck(name, found)
    }

    private static func octal(_ mode: UInt32) -> String { String(mode & 0o7777, radix: 8) }
}
