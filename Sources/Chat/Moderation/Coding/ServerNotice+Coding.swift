extension ServerNotice: Codable {
    private struct Fields: Codable {
        var revoked: String?
        var user: String?
        var connection: String?
        var reason: String?
    }

    public init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        let reason = fields.reason ?? ""
        if let text = fields.revoked {
            self = .revoked(text)
        } else if let user = fields.user {
            self = .disconnectedUser(user, reason: reason)
        } else if let connection = fields.connection {
            self = .disconnected(connection: connection, reason: reason)
        } else {
            throw StoredForm.failure("an unknown notice", decoder)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        let fields =
            switch self {
            case .revoked(let text): Fields(revoked: text)
            case .disconnectedUser(let user, let reason): Fields(user: user, reason: reason)
            case .disconnected(let connection, let reason):
                Fields(connection: connection, reason: reason)
            }
        try fields.encode(to: encoder)
    }
}
