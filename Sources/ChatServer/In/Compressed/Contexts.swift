internal import WebSocket

/// Memory for the contexts of clients whose compressed messages refer to earlier ones (RFC 7692
/// §7.1.1.2): promised whole in the opening handshake, used as they speak.
struct Contexts {
    /// Bytes that may be promised, all together.
    let budget: Int
    /// Bytes that are promised.
    private(set) var promisedBytes = 0
    /// Bytes that are used, which never exceed those that are promised.
    private(set) var bytes = 0
    /// Clients that have said something compressed, and so have a context.
    private(set) var count = 0

    init(limits: Limits) {
        budget = min(limits.compressionBudget, limits.bufferBudget / 2)
    }

    /// Bytes that may be promised to one more client.
    var free: Int { budget - promisedBytes }

    /// How much context is kept for a client that this was agreed on with, in bits of a window; 0:
    /// none.
    ///
    /// One that promises to do without is taken at its word only when half of the budget is used:
    /// there are clients that break the promise, and while there is room they cost nobody anything.
    func windowBits(for agreed: DeflateParameters) -> UInt8 {
        let bits = agreed.clientWindowBits
        let isSpare = promisedBytes + DeflateParameters.contextBytes(windowBits: bits) <= budget / 2
        return agreed.clientNoContextTakeover && !isSpare ? 0 : UInt8(bits)
    }

    /// A client was promised a window.
    mutating func promised(windowBits: UInt8) {
        promisedBytes += Self.cost(windowBits)
    }

    /// What a client's context takes has changed.
    mutating func changed(from before: Int, to now: Int) {
        bytes += now - before
        if before == 0, now > 0 { count += 1 }
        if before > 0, now == 0 { count -= 1 }
    }

    /// A client speaks no more: its promise is off, and what its context took is free.
    mutating func ended(windowBits: UInt8, bytes: Int) {
        changed(from: bytes, to: 0)
        promisedBytes -= Self.cost(windowBits)
    }

    private static func cost(_ windowBits: UInt8) -> Int {
        windowBits == 0 ? 0 : DeflateParameters.contextBytes(windowBits: Int(windowBits))
    }
}
