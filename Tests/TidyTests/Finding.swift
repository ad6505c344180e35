/// Something untidy, printed as editors and terminals understand it.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    /// Counted from 1.
    let line: Int
    let problem: String

    var description: String { "\(path):\(line): \(problem)" }
}
