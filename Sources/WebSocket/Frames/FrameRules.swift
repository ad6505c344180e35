/// The rules for the frames that an endpoint receives.
public struct FrameRules: Sendable {
    /// Our own side. A server accepts only masked frames, a client only unmasked ones (RFC 6455
    /// §5.1).
    public var role: Role
    /// Bytes of a message, all its fragments together. Above it: close 1009.
    public var messageBytes: Int
    /// Fragments of a message, a limit against endless empty ones. Above it: close 1009.
    public var fragments: Int

    /// The default for ``fragments``.
    public static let standardFragments = 65_536

    public init(
        role: Role, messageBytes: Int = 65_536, fragments: Int = standardFragments
    ) {
        precondition(messageBytes > 0 && fragments > 0)
        self.role = role
        self.messageBytes = messageBytes
        self.fragments = fragments
    }

    /// Bytes of all payloads of a message together, as they arrive.
    ///
    /// Data that can't be compressed takes more bytes when it is sent compressed: at most 9 bits
    /// for a byte, in DEFLATE's fixed codes, from a correct compressor.
    func payloadBytes(isCompressed: Bool) -> Int {
        guard isCompressed else { return messageBytes }
        let (sum, overflows) = messageBytes.addingReportingOverflow(messageBytes / 8 + 64)
        return overflows ? .max : sum
    }
}
