internal import Reactor
internal import WebSocket

/// The contexts of connections' compressed messages.
extension Connections {
    /// The next event of a session whose messages may be compressed. Counts the context that it
    /// keeps.
    mutating func nextDeflated(
        _ index: Int, in input: inout MutableSpan<UInt8>, from offset: inout Int,
        rules: borrowing FrameRules, inflater: Inflater?
    ) throws(ProtocolViolation) -> SessionEvent? {
        let (before, windowBits) = (table[index].session.contextBytes, table[index].contextBits)
        defer { contexts.changed(from: before, to: table[index].session.contextBytes) }
        return try table[index].session.next(
            in: &input, from: &offset, rules: rules, inflater: inflater, windowBits: windowBits)
    }

    /// Nothing more is read from the session, so its context is freed.
    mutating func dropContext(_ index: Int) {
        guard case .webSocket(let webSocket) = table[index].phase else { return }
        contexts.ended(
            windowBits: webSocket.contextBits, bytes: table[index].session.contextBytes)
        table[index].session = Session()
    }
}
