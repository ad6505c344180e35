import Reactor

extension LinuxNetwork {
    /// Sends `pieces` in one call.
    ///
    /// Invariant: the pieces stay in place during the call, and the list doesn't outlive it.
    mutating func send(_ pieces: [[UInt8]], to socket: Socket) -> SendOutcome {
        var gather = GatherList()
        let bytes = pieces.flatMap { $0 }
        return unsafe bytes.withUnsafeBytes { buffer in
            var start = 0
            for piece in pieces {
                unsafe gather.append(
                    UnsafeRawBufferPointer(rebasing: buffer[start..<start + piece.count]))
                start += piece.count
            }
            return send(gather, to: socket)
        }
    }
}
