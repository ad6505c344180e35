package import TLS

/// The server's end of the simulation's encryption.
package struct VeiledSession: SecureSession, ~Copyable {
    package private(set) var state = TLSSession.State.handshaking
    package var isResumed: Bool { false }
    private var held: [UInt8] = []
    private var plaintext: [UInt8] = []
    private var hasSentFlight = false
    private var received: UInt8 = 0
    private var sent: UInt8 = 0

    package init() {}

    package var hasMore: Bool { !plaintext.isEmpty }
    package var isInsideRecord: Bool { !held.isEmpty }
    package var heldBytes: Int { held.count + plaintext.count }

    package mutating func receive(
        _ ciphertext: Span<UInt8>, into buffer: inout MutableSpan<UInt8>, output: inout [UInt8]
    ) -> Int {
        for index in 0..<ciphertext.count { held.append(ciphertext[index]) }
        takeRecords(output: &output)
        let count = min(buffer.count, plaintext.count)
        for index in 0..<count { buffer[index] = plaintext[index] }
        plaintext.removeFirst(count)
        return count
    }

    private mutating func takeRecords(output: inout [UInt8]) {
        while state == .handshaking || state == .established,
            let (kind, content) = VeilRecord.take(&held, number: received)
        {
            received &+= 1
            switch (kind, state) {
            case (.handshake?, .handshaking): takeHandshake(content, output: &output)
            case (.content?, .established): plaintext += content
            case (.alert?, .established): (state, held) = (.ended, [])
            default: fail(output: &output)
            }
        }
    }

    private mutating func takeHandshake(_ content: [UInt8], output: inout [UInt8]) {
        if hasSentFlight {
            state = .established
            append(.handshake, [1], to: &output)
        } else {
            hasSentFlight = true
            // The client says how long the flight is.
            append(.handshake, [UInt8](repeating: 7, count: content.count * 50), to: &output)
        }
    }

    private mutating func fail(output: inout [UInt8]) {
        append(.alert, [2], to: &output)
        held = []
        state = .failed(TLSFailure("a broken record"))
    }

    private mutating func append(
        _ kind: VeilRecord.Kind, _ content: some Collection<UInt8>, to output: inout [UInt8]
    ) {
        VeilRecord.append(kind, content, number: sent, to: &output)
        sent &+= 1
    }

    package mutating func send(_ text: Span<UInt8>, output: inout [UInt8]) -> Bool {
        guard state == .established || state == .ended else { return false }
        append(.content, (0..<text.count).map { text[$0] }, to: &output)
        return true
    }

    package mutating func finish(output: inout [UInt8]) { append(.alert, [0], to: &output) }
}
