/// As ``text``.
extension SeqRuns: Codable {
    public init(from decoder: any Decoder) throws {
        guard let runs = SeqRuns(try String(from: decoder), limit: PurgeOrder.lineLimit) else {
            throw StoredForm.failure("no numbers of lines", decoder)
        }
        self = runs
    }

    public func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }
}
