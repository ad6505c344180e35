/// What the HTTP API, operators and the check of lines need, as far as it can be read.
struct APIFacts: Equatable {
    /// A file with secrets.
    struct Secret: Equatable {
        /// The setting that names it.
        var name: String
        var path: String
        /// Why it can't be used, with the remedy. Nil if it can.
        var fault: String?
        /// Its permissions. Nil if they can't be read.
        var mode: UInt32?
    }

    /// An address of this machine where operators are served.
    struct Listening: Equatable {
        enum Outcome: Equatable {
            case free
            /// Somebody listens there, perhaps the daemon.
            case used
            /// It can't be listened on, for this reason.
            case faulty(String)
        }

        var place: String
        var outcome: Outcome
    }

    /// Somebody who is asked about lines.
    struct Check: Equatable {
        var url: String
        var isSigned: Bool
    }

    var secrets: [Secret] = []
    var listening: Listening?
    var check: Check?
}
