extension HeldReply.Said: Codable {
    private struct Fields: Codable {
        let id: UInt64
        let seq: UInt64?
        let time: Timestamp
    }

    public init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        self.init(id: fields.id, seq: fields.seq, time: fields.time)
    }

    public func encode(to encoder: any Encoder) throws {
        try Fields(id: id, seq: seq, time: time).encode(to: encoder)
    }
}
