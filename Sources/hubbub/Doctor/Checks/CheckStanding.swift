/// What a check says.
enum CheckStanding: String, Encodable {
    case fit = "ok"
    /// It works, but somebody should know.
    case doubtful
    /// Something must be done.
    case unfit = "fix"

    /// Three characters before the line of a check.
    var mark: String {
        switch self {
        case .fit: "ok "
        case .doubtful: "?? "
        case .unfit: "FIX"
        }
    }
}
