/// A certificate and its key, as far as they can be read.
struct CertificateFacts: Equatable {
    /// The seconds and names of a certificate whose key matches.
    struct Sound: Equatable {
        var names: [String]
        /// Seconds since 1970.
        var validFrom: Int64
        var validUntil: Int64
        /// Whether browsers take its kind of key.
        var isForBrowsers = true
    }

    enum Content: Equatable {
        case sound(Sound)
        /// A file can't be read, or isn't what it should be, for this reason.
        case faulty(String)
    }

    var certificate: String
    var key: String
    var content: Content
    /// The permissions of the key. Nil if they can't be read.
    var keyMode: UInt32?
}
