/// Where a value comes from. Later cases win over earlier ones.
enum GivenSource: Equatable, Sendable {
    case nobody
    case file(FilePlace)
    case environment
    case commandLine
}
