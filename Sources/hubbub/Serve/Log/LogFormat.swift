/// The forms of the log that can be chosen.
enum LogFormat: String {
    /// For people, or for the journal if it reads standard error.
    case text
    case json

    var form: LogForm {
        switch self {
        case .text: .fallback
        case .json: .json
        }
    }
}
