internal import TestSupport

/// The client's end of the simulation's encryption.
struct Veil {
    private enum Phase {
        case fresh
        case handshaking
        case established
    }

    private var phase = Phase.fresh
    private var held: [UInt8] = []
    private var sent: UInt8 = 0
    private var received: UInt8 = 0
    /// Plaintext that waits for the end of the handshake.
    private var waiting: [UInt8] = []
    /// Ciphertext that hasn't been given to the kernel.
    private(set) var unsent: [UInt8] = []
    /// What is wrong with what the server sent.
    private(set) var violation: String?

    /// Whether everything that was written is on its way.
    var isFlushed: Bool { waiting.isEmpty && unsent.isEmpty }

    mutating func write(_ plaintext: some Collection<UInt8>, _ random: inout SplitMix64) {
        if phase == .fresh {
            phase = .handshaking
            append(.handshake, [UInt8](repeating: 1, count: random.pick([1, 3, 60])))
        }
        waiting += plaintext
        seal()
    }

    private mutating func seal() {
        guard phase == .established else { return }
        while !waiting.isEmpty {
            let part = waiting.prefix(VeilRecord.capacity)
            append(.content, part)
            waiting.removeFirst(part.count)
        }
    }

    private mutating func append(_ kind: VeilRecord.Kind, _ content: some Collection<UInt8>) {
        VeilRecord.append(kind, content, number: sent, to: &unsent)
        sent &+= 1
    }

    /// Takes ciphertext to give to the kernel: all, or a part that ends anywhere.
    mutating func take(_ limit: Int) -> [UInt8] {
        let part = Array(unsent.prefix(limit))
        unsent.removeFirst(part.count)
        return part
    }

    /// The client says that it sends nothing more.
    mutating func finish() {
        if phase == .established { append(.alert, [0]) }
    }

    /// Breaks a byte of what isn't sent. The server will refuse the record.
    mutating func damage(_ random: inout SplitMix64) {
        guard !unsent.isEmpty else { return }
        unsent[random.number(in: 0...unsent.count - 1)] ^= 0x80
    }

    /// Takes ciphertext from the server, and returns plaintext.
    mutating func read(_ ciphertext: [UInt8]) -> [UInt8] {
        held += ciphertext
        var plaintext: [UInt8] = []
        while violation == nil, let (kind, content) = VeilRecord.take(&held, number: received) {
            received &+= 1
            switch kind {
            case .handshake where phase == .handshaking:
                phase = .established
                append(.handshake, [2])
                seal()
            case .handshake where phase == .established: break
            case .content where phase == .established: plaintext += content
            case .alert: break
            case .handshake, .content, nil: violation = "a broken record arrives: \(held.prefix(9))"
            }
        }
        return plaintext
    }
}
