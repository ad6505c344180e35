/// Why a file of keys can't be used: a phrase with the remedy. It holds nothing of the key.
public struct KeyProblem: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
