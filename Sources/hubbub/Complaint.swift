internal import Console

/// The reason why the daemon doesn't start or can't continue, in one line that names the setting,
/// its value and the remedy.
struct Complaint: Error, Equatable {
    /// Exit codes, as in `sysexits.h`.
    enum Status: Int32 {
        /// EX_USAGE: a setting is wrong in itself.
        case usage = 64
        /// EX_DATAERR: some of the input can't be sent.
        case data = 65
        /// EX_NOINPUT: a file can't be found.
        case noInput = 66
        /// EX_NOHOST: a name can't be looked up.
        case noHost = 68
        /// EX_UNAVAILABLE: something else uses what is needed, or a server can't be used.
        case unavailable = 69
        /// EX_OSERR: the system refused.
        case system = 71
        /// EX_CANTCREAT: a file or directory can't be created or written.
        case cannotCreate = 73
        /// EX_IOERR: the output can't be written.
        case output = 74
        /// EX_NOPERM: the user may not do this.
        case noPermission = 77
        /// EX_CONFIG: a configuration file is wrong.
        case configuration = 78
        /// The output's reader has gone. A shell reports a death by SIGPIPE in this way.
        case readerGone = 141
    }

    let status: Status
    let text: String
    /// The place in the configuration file with which the text begins. Nil if it begins otherwise.
    let place: FilePlace?

    init(_ status: Status, _ text: String, at place: FilePlace? = nil) {
        self.status = status
        self.text = text
        self.place = place
    }

    init(_ failure: WriteFailure) {
        self.init(failure.isReaderGone ? .readerGone : .output, failure.description)
    }

    /// The line for standard error. The name of a file stands at its beginning, where editors look
    /// for it.
    var line: String { (status == .configuration ? "" : "hubbub: ") + LogText.line(text) }
}
