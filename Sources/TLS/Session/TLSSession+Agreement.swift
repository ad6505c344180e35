/// What a session has agreed on.
extension TLSSession {
    /// `TLSv1.3` or `TLSv1.2`.
    public var version: String {
        switch handle {
        case let handle?: handle.version
        case nil: "TLSv1.3"
        }
    }

    /// OpenSSL's name of the cipher suite.
    public var cipher: String {
        switch records {
        case let records?: records.cipher
        case nil:
            switch handle {
            case let handle?: handle.cipher
            case nil: ""
            }
        }
    }

    /// Whether the peer has the certificate of `credentials`.
    public func met(_ credentials: borrowing ServerCredentials) -> Bool {
        switch handle {
        case let handle?: handle.met(credentials)
        case nil: false
        }
    }

    /// The state of a client's session, for a later one with the same server. Nil if the server has
    /// given none so far.
    public func resumption() -> TLSResumption? {
        switch handle {
        case let handle?: handle.resumption()
        case nil: nil
        }
    }
}
