internal import TLS

/// The bytes between a client's session and its socket: as they are, or under TLS. It keeps those
/// that the socket hasn't taken.
struct ClientLink: ~Copyable {
    enum State: Equatable {
        /// The handshake of TLS isn't complete, so nothing can be sent.
        case opening
        case open
        /// The server has said that it sends nothing more.
        case ended
        case failed(ClientFailure)
    }

    /// Nil for a connection without TLS.
    private var tls: TLSSession?
    /// Bytes that the socket hasn't taken.
    private(set) var pending: [UInt8] = []

    /// A link without TLS.
    init() {}

    /// A link under TLS. Its first message waits to be sent.
    init(_ tls: consuming TLSSession) {
        tls.begin(output: &pending)
        self.tls = consume tls
    }

    var isSecure: Bool { tls != nil }

    var state: State {
        switch tls {
        case .none: .open
        case .some(let tls):
            switch tls.state {
            case .handshaking: .opening
            case .established: .open
            case .ended: .ended
            case .failed(let failure): .failed(ClientFailure(failure))
            }
        }
    }

    /// What a later session with this server may resume. Nil if there is nothing.
    func resumption() -> TLSResumption? {
        switch tls {
        case .none: nil
        case .some(let tls): tls.resumption()
        }
    }

    /// Appends bytes to what waits. Those that TLS can't send are dropped.
    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        if isSecure {
            _ = tls?.send(bytes.span, output: &pending)
        } else {
            pending += bytes
        }
    }

    /// Says that nothing more is sent, if TLS has words for it.
    mutating func finish() { tls?.finish(output: &pending) }

    /// The socket has taken bytes of what waits.
    mutating func sent(_ count: Int) { pending.removeFirst(count) }

    /// The plaintext of bytes that have arrived under TLS. What TLS itself answers is appended to
    /// what waits.
    mutating func unseal(_ sealed: Span<UInt8>) -> [UInt8] {
        var plaintext: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: max(sealed.count, 1))
        var free = buffer.mutableSpan
        var count = tls?.receive(sealed, into: &free, output: &pending) ?? 0
        plaintext += buffer[..<count]
        let nothing: [UInt8] = []
        while tls?.hasMore ?? false {
            free = buffer.mutableSpan
            count = tls?.receive(nothing.span, into: &free, output: &pending) ?? 0
            plaintext += buffer[..<count]
        }
        return plaintext
    }
}
