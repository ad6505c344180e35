/// Where a value comes from. Later cases win over earlier ones.
enum GivenSource: Equatable, Sendable {
    case nobody
    case file(FilePlace)
    case environment
    case commandLine

    /// The place in the configuration file. Nil if it comes from elsewhere.
    var place: FilePlace? {
        if case .file(let place) = self { place } else { nil }
    }
}
