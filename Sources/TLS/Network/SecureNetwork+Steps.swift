internal import Reactor

/// Single steps. Each gets the parts of the layer that it uses, because a span of one part would
/// lock the whole layer.
extension SecureNetwork where Base: ~Copyable, Session: ~Copyable {
    static func read(
        _ base: inout Base, _ input: inout [UInt8], from socket: Socket
    ) -> ReceiveOutcome {
        var span = input.mutableSpan
        return base.receive(from: socket, into: &span)
    }

    static func transmit(
        _ base: inout Base, _ bytes: inout [UInt8], _ gather: inout GatherList, to socket: Socket
    ) -> SendOutcome {
        base.send(bytes.span, through: &gather, to: socket)
    }

    /// Gives a session ciphertext, `count` bytes of `input`.
    static func decrypt(
        _ connection: SecureConnection<Session>, _ input: inout [UInt8], _ count: Int,
        into buffer: inout MutableSpan<UInt8>, _ output: inout [UInt8]
    ) -> Int {
        connection.session?.receive(
            input.span.extracting(first: count), into: &buffer, output: &output) ?? 0
    }

    /// Makes records of the bytes of `gather` from `offset` on, as many as `plaintext` takes.
    /// Returns their number, or nil if the session fails.
    static func encrypt(
        _ connection: SecureConnection<Session>, _ gather: borrowing GatherList, from offset: Int,
        _ plaintext: inout [UInt8], _ output: inout [UInt8]
    ) -> Int? {
        var span = plaintext.mutableSpan
        let size = gather.copy(from: offset, into: &span)
        let isDone = connection.session?.send(
            plaintext.span.extracting(first: size), output: &output)
        return isDone == true ? size : nil
    }
}
