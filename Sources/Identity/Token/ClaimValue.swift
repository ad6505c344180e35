/// The value of a claim, or of a parameter of a header.
enum ClaimValue: Equatable {
    case text(String)
    /// A number as it is written.
    case number(String)
    /// An object, each of whose values must be a text.
    case object([String: String])
    case other
}
