internal import CLinux

/// The conditions that a socket is watched for. Errors and hang-ups are always reported.
public struct Interest: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Bytes, or the end of the stream, can be read.
    @inlinable public static var readable: Interest { Interest(rawValue: 1) }
    /// The kernel accepts bytes again.
    @inlinable public static var writable: Interest { Interest(rawValue: 2) }

    var events: UInt32 {
        var events: UInt32 = 0
        if contains(.readable) { events |= CLINUX_READABLE | CLINUX_PEER_CLOSED }
        if contains(.writable) { events |= CLINUX_WRITABLE }
        return events
    }
}
