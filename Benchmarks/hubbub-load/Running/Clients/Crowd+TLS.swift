internal import ChatClient
internal import Foundation
internal import Reactor
internal import TLS

/// Connections under TLS.
extension Crowd {
    /// Nil if the server has no TLS.
    static func makeTLS(
        _ target: Target, _ settings: Settings
    ) throws(Failure) -> TLSClientContext? {
        guard target.isSecure else {
            let flag = settings.insecure ? "--insecure" : settings.ca.map { "--ca \($0)" }
            if let flag { throw Failure("\(flag): \(target.url) has no TLS; use wss://") }
            return nil
        }
        let roots = try settings.ca.map { path throws(Failure) in
            guard !settings.insecure else {
                throw Failure("--insecure and --ca exclude each other; give one")
            }
            guard let content = FileManager.default.contents(atPath: path) else {
                throw Failure("--ca \(path): the file can't be read; give one in PEM")
            }
            return Array(content)
        }
        guard let context = TLSClientContext(verifies: !settings.insecure, roots: roots) else {
            guard let path = settings.ca else {
                throw Failure("TLS can't be set up: there is not enough memory")
            }
            throw Failure("--ca \(path): the file holds no certificate in PEM; give one that does")
        }
        return context
    }

    /// Begins TLS on a connection. `frame` becomes its first message.
    mutating func beginTLS(_ index: Int) throws(Failure) {
        guard let tls, var session = TLSSession(tls, host: target.host) else {
            throw Failure("connection \(number(index)): there is not enough memory for TLS")
        }
        frame.removeAll(keepingCapacity: true)
        session.begin(output: &frame)
        clients[index].tls = consume session
    }

    /// Puts `frame` under TLS.
    mutating func sealFrame(_ index: Int) {
        // Locals, because the session is in this value, too.
        var (plain, output) = ([UInt8](), [UInt8]())
        swap(&plain, &frame)
        swap(&output, &sealed)
        output.removeAll(keepingCapacity: true)
        _ = clients[index].tls?.send(plain.span, output: &output)
        swap(&output, &frame)
        swap(&plain, &sealed)
    }

    /// Handles bytes that have arrived under TLS.
    mutating func receivedSealed(_ index: Int, _ bytes: Span<UInt8>) throws(Failure) {
        var buffer: [UInt8] = []
        swap(&buffer, &plaintext)
        defer { swap(&buffer, &plaintext) }
        try unseal(index, bytes, into: &buffer)
        let nothing: [UInt8] = []
        while clients[index].phase == .connected, clients[index].tls?.hasMore ?? false {
            try unseal(index, nothing.span, into: &buffer)
        }
        guard clients[index].phase == .connected else { return }
        switch clients[index].tls?.state {
        case nil, .handshaking, .established: break
        case .ended: try lost(index, nil)
        case .failed(let failure):
            let failure = ClientFailure(failure)
            guard clients[index].isInside else {
                return try failedToOpen(index, handshakeFailure(index, failure))
            }
            try end(index, failure.reason)
        }
    }

    private mutating func unseal(
        _ index: Int, _ bytes: Span<UInt8>, into buffer: inout [UInt8]
    ) throws(Failure) {
        let wasOpening = clients[index].isOpeningTLS
        var span = buffer.mutableSpan
        var output: [UInt8] = []
        swap(&output, &frame)
        output.removeAll(keepingCapacity: true)
        let count = clients[index].tls?.receive(bytes, into: &span, output: &output) ?? 0
        swap(&output, &frame)
        if !frame.isEmpty { try sendBytes(index) }
        if wasOpening, clients[index].tls?.state == .established {
            writeRequest(index)
            try sendFrame(index)
        }
        guard count > 0, clients[index].phase == .connected else { return }
        var input = span._mutatingExtracting(first: count)
        try received(index, &input)
    }
}
