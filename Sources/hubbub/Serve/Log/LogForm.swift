internal import Console
internal import Logging

/// The form of the log's lines.
enum LogForm: Equatable {
    /// With time and level: for people, and files.
    case plain
    /// With the level as a number in front, and without the time, which the journal adds
    /// (sd-daemon(3)).
    case journal
    /// An object in JSON, for programs that collect logs.
    case json

    /// The form for standard error, unless a setting says another one.
    static let fallback = LogForm(journalStream: SystemCalls.environment("JOURNAL_STREAM")) {
        StandardStream.error.isFile(device: $0, inode: $1)
    }

    /// `JOURNAL_STREAM` has the numbers of the journal's stream (systemd.exec(5)). A standard error
    /// that was redirected since then is another file.
    init(journalStream: String?, isFile: (_ device: UInt64, _ inode: UInt64) -> Bool) {
        let numbers = (journalStream ?? "").split(separator: ":").map { UInt64($0) }
        guard numbers.count == 2, let device = numbers[0], let inode = numbers[1],
            isFile(device, inode)
        else {
            self = .plain
            return
        }
        self = .journal
    }

    /// What the line begins with that says why the program ends.
    var startOfComplaint: String {
        switch self {
        case .plain, .json: ""
        case .journal: "<\(Self.priority(of: .error))>"
        }
    }

    /// The number of a level, as in syslog(3).
    static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
