internal import WebSocket

/// The memory for the contexts of clients whose compressed messages refer to earlier ones (RFC 7692
/// §7.1.1.2). It is reserved in the opening handshake, and used as messages arrive.
struct Contexts {
    /// Bytes that may be promised to all clients.
    private(set) var budget: Int
    /// Bytes that are promised.
    private(set) var promisedBytes = 0
    /// Bytes that are used. They never exceed the promised ones.
    private(set) var bytes = 0
    /// Clients that have a context, because they have sent a compressed message.
    private(set) var count = 0

    init(limits: Limits) {
        budget = Self.budget(limits)
    }

    /// What is promised already stays so.
    mutating func limitsChanged(_ limits: Limits) {
        budget = Self.budget(limits)
    }

    private static func budget(_ limits: Limits) -> Int {
        min(limits.compressionBudget, limits.bufferBudget / 2)
    }

    /// Bytes that may still be promised.
    var free: Int { budget - promisedBytes }

    /// The size of the context in bits that is kept for a client with these parameters. 0 if none
    /// is kept.
    ///
    /// There are clients that break a promise to keep no context. So a context is kept for them,
    /// too, until half of the budget is promised.
    func windowBits(for agreed: DeflateParameters) -> UInt8 {
        let bits = agreed.clientWindowBits
        let isSpare = promisedBytes + DeflateParameters.contextBytes(windowBits: bits) <= budget / 2
        return agreed.clientNoContextTakeover && !isSpare ? 0 : UInt8(bits)
    }

    /// A client was promised a window.
    mutating func promised(windowBits: UInt8) {
        promisedBytes += Self.cost(windowBits)
    }

    /// The size of a client's context has changed.
    mutating func changed(from before: Int, to now: Int) {
        bytes += now - before
        if before == 0, now > 0 { count += 1 }
        if before > 0, now == 0 { count -= 1 }
    }

    /// A client sends no more messages. Its promise ends, and its context is freed.
    mutating func ended(windowBits: UInt8, bytes: Int) {
        changed(from: bytes, to: 0)
        promisedBytes -= Self.cost(windowBits)
    }

    private static func cost(_ windowBits: UInt8) -> Int {
        windowBits == 0 ? 0 : DeflateParameters.contextBytes(windowBits: Int(windowBits))
    }
}
