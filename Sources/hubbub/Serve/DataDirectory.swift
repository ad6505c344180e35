internal import ChatStore
internal import Reactor

/// The directory with the daemon's state.
enum DataDirectory {
    /// The files in it that aren't the store's, of which some may not be there.
    static let identityFiles = [
        OwnSecret.fileName, AddressSecret.fileName, RevocationFile.fileName,
    ]

    /// Creates the given directory, or the default one, with its parents, and checks that it is
    /// writable. Returns its path.
    static func prepare(
        _ path: String?, given: Given<String?>
    ) throws(Complaint) -> String {
        let place = try place(path, given: given)
        do throws(SystemError) {
            for parent in parents(of: place.path) { try SystemCalls.makeDirectory(parent) }
            try SystemCalls.checkWritable(place.path)
        } catch {
            throw Complaint(
                .cannotCreate,
                "\(place.name): \(SystemError.text(error.errno)); "
                    + "name a directory that can be created and written with --data")
        }
        return place.path
    }

    /// The path of the given directory, or of the default one, which may not exist.
    static func path(_ given: Given<String?>) throws(Complaint) -> String {
        try place(given.value(), given: given).path
    }

    /// Locks the directory for this process, as long as the lock exists.
    static func lock(_ directory: String) throws(Complaint) -> DataLock {
        do throws(DataLock.Refusal) {
            return try DataLock(directory: directory)
        } catch {
            switch error {
            case .held: throw Complaint(.unavailable, "--data \(error)")
            case .system: throw Complaint(.cannotCreate, "--data \(error)")
            }
        }
    }

    private static func place(
        _ path: String?, given: Given<String?>
    ) throws(Complaint) -> Place {
        if let path { Place(path: path, name: given.asGiven) } else { try byDefault() }
    }

    private struct Place {
        let path: String
        /// The setting that the path comes from.
        let name: String
    }

    /// The first of systemd's directories (systemd.exec(5)), or else that of the XDG Base Directory
    /// Specification, which requires that relative paths are ignored.
    private static func byDefault() throws(Complaint) -> Place {
        let given = SystemCalls.environment("STATE_DIRECTORY") ?? ""
        if let first = given.split(separator: ":").first {
            return Place(path: String(first), name: "STATE_DIRECTORY=\(given)")
        }
        if let state = SystemCalls.environment("XDG_STATE_HOME"), state.hasPrefix("/") {
            return Place(path: state + "/hubbub", name: "XDG_STATE_HOME=\(state)")
        }
        guard let home = SystemCalls.environment("HOME"), !home.isEmpty else {
            throw Complaint(
                .cannotCreate, "--data: there is no default without HOME; give a directory")
        }
        let path = home + "/.local/state/hubbub"
        return Place(path: path, name: "--data \(path) (default)")
    }

    /// The directory and its parents, outermost first.
    static func parents(of path: String) -> [String] {
        var parents = path.indices.dropFirst()
            .filter { path[$0] == "/" && path[path.index(before: $0)] != "/" }
            .map { String(path[..<$0]) }
        parents.append(path)
        return parents
    }
}
