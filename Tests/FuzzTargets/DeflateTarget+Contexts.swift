internal import TestSupport
internal import WebSocket

extension DeflateTarget {
    /// Peers that keep their contexts, and sessions that share one inflater. Each session must read
    /// the same as with an inflater of its own.
    static func contexts(_ input: inout FuzzInput, _ setup: Setup) throws(BrokenPromise) {
        guard let shared = Inflater(keepsContext: false) else {
            throw BrokenPromise("there is no inflater")
        }
        let peers = [try Peer(setup), try Peer(setup)]
        for _ in 0..<64 where !input.isAtEnd {
            let choice = input.byte()
            try peers[Int(choice & 1)].send(choice, &input, to: shared)
        }
    }

    /// One end of a connection, and the session at the other end.
    private final class Peer {
        private let setup: Setup
        private let deflater: Deflater
        private let own: Inflater
        private var session = Session()
        private var hasFailed = false

        init(_ setup: Setup) throws(BrokenPromise) {
            self.setup = setup
            guard
                let deflater = Deflater(
                    windowBits: setup.windowBits, keepsContext: true, level: setup.level),
                let own = Inflater(windowBits: setup.windowBits, keepsContext: true)
            else { throw BrokenPromise("there is no memory") }
            (self.deflater, self.own) = (deflater, own)
        }

        /// A message that refers to the earlier ones, or the input's bytes as one.
        func send(
            _ choice: UInt8, _ input: inout FuzzInput, to shared: Inflater
        ) throws(BrokenPromise) {
            guard !hasFailed else { return }
            var payload = input.take(Int(input.byte()))
            if choice & 2 != 0 {
                // Longer ones are refused without a check.
                payload = Array(payload.prefix(setup.limit + 64))
            } else {
                let times = choice & 4 == 0 ? 1 : 300
                let message = [[UInt8]](repeating: payload, count: times).flatMap { $0 }
                payload = []
                deflater.deflate(message.span, into: &payload)
            }
            let (expected, found) = (read(payload), receive(payload, choice, shared))
            switch expected {
            case .success: try expect(found == expected, "\(found), not \(expected)")
            // An inflater of its own with a small window may refuse a reference beyond it. A
            // reference beyond the end of a kept window isn't refused, and gives no bytes.
            case .failure(let violation):
                hasFailed = true
                guard setup.windowBits == 15 || violation == .messageTooBig else { return }
                try expect(found == expected, "\(found), not \(expected)")
            }
            let most = DeflateParameters.contextBytes(windowBits: setup.windowBits)
            try expect(session.contextBytes <= most, "\(session.contextBytes) bytes of context")
        }

        private func read(_ payload: [UInt8]) -> Result<[UInt8], ProtocolViolation> {
            do throws(ProtocolViolation) {
                return .success(try own.inflate(payload.span, limit: setup.limit))
            } catch {
                return .failure(error)
            }
        }

        /// The session's message for the payload, sent in one frame or in two.
        private func receive(
            _ payload: [UInt8], _ choice: UInt8, _ shared: Inflater
        ) -> Result<[UInt8], ProtocolViolation> {
            let rules = FrameRules(role: .server, messageBytes: setup.limit)
            let end = choice & 8 == 0 ? payload.count : payload.count / 2
            var bytes: [UInt8] = []
            FrameEncoder.appendMasked(
                .binary, Array(payload[..<end]).span, key: MaskingKey(0),
                isFinal: end == payload.count, rsv1: true, to: &bytes)
            if end < payload.count {
                FrameEncoder.appendMasked(
                    .continuation, Array(payload[end...]).span, key: MaskingKey(0), to: &bytes)
            }
            var offset = 0
            var span = bytes.mutableSpan
            do throws(ProtocolViolation) {
                let event = try session.next(
                    in: &span, from: &offset, rules: rules, inflater: shared,
                    windowBits: setup.windowBits)
                guard case .message(.binary, .kept(let message)) = event else {
                    return .failure(.compressionInvalid)
                }
                return .success(message)
            } catch {
                return .failure(error)
            }
        }
    }
}
