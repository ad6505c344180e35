extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(milliseconds: try Int64(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws { try milliseconds.encode(to: encoder) }
}
