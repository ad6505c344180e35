internal import ArgumentParser
internal import ChatStore

/// The data directory that a command works on.
struct DataOptions: ParsableArguments {
    @Option(.configurationFile)
    var config: Given<String?>

    @Option(.dataDirectory)
    var data: Given<String?>

    /// The path of the directory, which may not exist. Throws if the configuration has faults: it
    /// might have named another one.
    func path() throws -> String {
        try ConfigurationScope.current.faults.check()
        return try likelyPath()
    }

    /// The same, even if the configuration has faults.
    func likelyPath() throws(Complaint) -> String {
        try DataDirectory.path(data)
    }

    /// The directory, which is created if it isn't there, and its lock. No daemon uses it as long
    /// as the lock exists.
    func locked() throws -> (path: String, lock: DataLock) {
        try ConfigurationScope.current.faults.check()
        let path = try DataDirectory.prepare(data.value(), given: data)
        return (path, try DataDirectory.lock(path))
    }
}

extension Complaint {
    init(_ fault: ArchiveFault) {
        let status: Status =
            switch fault.kind {
            case .missing: .noInput
            case .unusable: .data
            case .uncreatable: .cannotCreate
            case .busy: .unavailable
            case .denied: .noPermission
            case .failing: .output
            }
        self.init(status, fault.description)
    }
}
