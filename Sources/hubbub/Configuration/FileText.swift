/// A text in a configuration file, and where it is.
struct FileText: Equatable, Sendable {
    let text: String
    let place: FilePlace
}
