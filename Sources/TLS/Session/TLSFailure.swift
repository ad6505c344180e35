/// The reason why a session can't go on: the peer broke the protocol, or the two ends have nothing
/// in common.
public struct TLSFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// OpenSSL's words, such as `no shared cipher` or `certificate has expired`.
    public let description: String
}
