/// As ``stored``.
extension RoomSettings: Codable {
    public init(from decoder: any Decoder) throws {
        guard let settings = RoomSettings(stored: try String(from: decoder)) else {
            throw StoredForm.failure("no settings", decoder)
        }
        self = settings
    }

    public func encode(to encoder: any Encoder) throws { try stored.encode(to: encoder) }
}
