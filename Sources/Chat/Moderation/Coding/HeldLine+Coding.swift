/// What is kept of a line that waits is a ``Kept``. The orderer adds the rest.
extension HeldLine: Codable {
    package struct Kept: Codable {
        private var v = StoredForm.version
        package let draft: Draft
        private let reason: String

        package init(_ draft: Draft, _ reason: Reason) {
            (self.draft, self.reason) = (draft, reason.rawValue)
        }

        /// Throws if a newer server has written it.
        package func line(_ id: UInt64, isApproved: Bool) throws -> HeldLine {
            try StoredForm.check(v)
            // A newer server may have other reasons. A moderator decides.
            return HeldLine(
                id: id, draft, Reason(rawValue: reason) ?? .check, isApproved: isApproved)
        }
    }

    private struct Fields: Codable {
        let id: UInt64
        let approved: Bool?
        let line: Kept
    }

    public init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        self = try fields.line.line(fields.id, isApproved: fields.approved ?? false)
    }

    public func encode(to encoder: any Encoder) throws {
        try Fields(id: id, approved: isApproved ? true : nil, line: Kept(draft, reason))
            .encode(to: encoder)
    }
}
