/// A place in a configuration file. Lines and columns count from 1.
struct FilePlace: Hashable, Sendable, CustomStringConvertible {
    let file: String
    let line: Int
    let column: Int

    /// In the form that editors and compilers use.
    var description: String { "\(file):\(line):\(column)" }
}

extension FilePlace: Comparable {
    static func < (left: FilePlace, right: FilePlace) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
