/// What an endpoint asks of the frames that it receives.
public struct FrameRules: Sendable {
    /// Our own side: a server takes masked frames alone, a client unmasked ones (RFC 6455 §5.1).
    public var role: Role
    /// Bytes of a message, all its fragments together; past it 1009.
    public var messageBytes: Int
    /// Fragments of a message, against endless empty ones; past it 1009.
    public var fragments: Int

    /// Fragments of a message, unless something else is said.
    public static let standardFragments = 65_536

    public init(
        role: Role, messageBytes: Int = 65_536, fragments: Int = standardFragments
    ) {
        precondition(messageBytes > 0 && fragments > 0)
        self.role = role
        self.messageBytes = messageBytes
        self.fragments = fragments
    }

    /// Bytes of the payloads of a message, all together, as they come.
    ///
    /// Compressed, what can't be compressed takes more: 9 bits for a byte in DEFLATE's fixed codes,
    /// and less in any other way in which a compressor that is right would write it.
    func payloadBytes(isCompressed: Bool) -> Int {
        guard isCompressed else { return messageBytes }
        let (sum, overflows) = messageBytes.addingReportingOverflow(messageBytes / 8 + 64)
        return overflows ? .max : sum
    }
}
