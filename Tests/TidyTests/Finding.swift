/// A breach of a rule, printed in the form that editors and terminals understand.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    /// Counted from 1.
    let line: Int
    let problem: String

    var description: String { "\(path):\(line): \(problem)" }
}
