/// One connection of somebody in the crowd: what it did, so what may become of it.
final class Visit {
    /// What the visitor came for.
    enum Purpose: Equatable {
        case chat
        /// Plain requests, and the statuses that should answer them.
        case requests([Int])
    }

    let client: Client
    let room: String
    let purpose: Purpose

    /// When it got its opening handshake's response, on the chronicle's clock.
    var opened: Int?
    /// Lines said so far, as the crowd numbers them.
    var said = 0
    var ownHeard = 0
    var lastOwnHeard = 0
    var firstSeq: UInt64?
    var lastSeq: UInt64?
    var life: RoomLife?
    /// Sayings that should become lines.
    var saidWell = 0
    /// Errors that should come, and have come, by code.
    var dueErrors: [String: Int] = [:]
    var errors: [String: Int] = [:]
    /// What of the client's lists was looked at.
    var linesSeen = 0
    var errorsSeen = 0

    /// It has ended, or begun to end, the connection itself.
    var hasLeft = false
    /// It was too slow, or deaf, or silent, at some time.
    var hasLagged = false
    /// How it ended was looked at.
    var isOver = false

    init(client: Client, room: String, purpose: Purpose) {
        self.client = client
        self.room = room
        self.purpose = purpose
    }

    var isChatting: Bool { client.phase == .open && !hasLeft && !isOver }

    /// Looks at what came since the last time.
    func examine(_ chronicle: Chronicle, _ world: World) {
        if opened == nil, client.phase == .open || client.phase == .closed {
            opened = chronicle.tick()
        }
        for line in client.lines[linesSeen...] { chronicle.heard(line, by: self) }
        linesSeen = client.lines.count
        for error in client.errors[errorsSeen...] {
            guard let code = error.code, error.reason != nil else {
                world.violate("client \(client.number): an incomplete error: \(error)")
                continue
            }
            errors[code, default: 0] += 1
            let isLimit = ["rate_limited", "store_unavailable"].contains(code)
            if code == "store_unavailable", world.store == nil {
                world.violate("client \(client.number): there is no store to fail")
            }
            if !isLimit, errors[code]! > dueErrors[code, default: 0] {
                world.violate("client \(client.number): an undue \(code)")
            }
            if isLimit != (error.retryAfter != nil) {
                world.violate("client \(client.number): \(code) with a wrong retry_after_ms")
            }
        }
        errorsSeen = client.errors.count
    }

    /// Each saying of one who is still there was heard by itself, or refused: where lines can't be
    /// stored, whatever else is wrong with them.
    func checkAnswers(_ world: World) {
        let refused = errors.values.reduce(0, +)
        let said = saidWell + dueErrors.values.reduce(0, +)
        if ownHeard + refused != said {
            world.violate(
                "client \(client.number) said \(said) lines; \(ownHeard) were heard and "
                    + "\(refused) refused")
        }
        guard errors["store_unavailable"] == nil else { return }
        for (code, count) in dueErrors where errors[code] != count {
            world.violate("client \(client.number): \(errors[code] ?? 0) of \(count) \(code)")
        }
    }
}
