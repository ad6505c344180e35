/// How a reload went, for the user that asked for it.
struct ReloadReport: Equatable, Sendable {
    /// 0 if the settings are in force, or else an exit code.
    let status: Int32
    let lines: [String]

    var text: String { lines.map { $0 + "\n" }.joined() }
}
