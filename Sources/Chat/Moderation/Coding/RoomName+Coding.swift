extension RoomName: Codable {
    /// Reads ``text``, that of ``everywhere`` too.
    package init?(stored text: String) {
        if text == RoomName.everywhere.text {
            self = .everywhere
        } else {
            self.init(text)
        }
    }

    public init(from decoder: any Decoder) throws {
        guard let name = RoomName(stored: try String(from: decoder)) else {
            throw StoredForm.failure("no name of a room", decoder)
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }
}
