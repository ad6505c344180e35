/// One connection of a user in the crowd, with what it did, and so how it may end.
final class Visit {
    /// The purpose of the visit.
    enum Purpose: Equatable {
        case chat
        /// Plain requests, and the expected statuses.
        case requests([Int])
    }

    let client: Client
    let room: String
    let purpose: Purpose

    /// When it got the response to its opening handshake, on the chronicle's clock.
    var opened: Int?
    /// The number of lines said so far.
    var said = 0
    var ownHeard = 0
    var lastOwnHeard = 0
    var firstSeq: UInt64?
    var lastSeq: UInt64?
    var life: RoomLife?
    /// The number of messages that should become lines.
    var saidWell = 0
    /// Expected errors, and errors received, by code.
    var dueErrors: [String: Int] = [:]
    var errors: [String: Int] = [:]
    /// The errors among them after which a line may still be said.
    private var unknowns = 0
    /// Lines that it has said and not heard when a failover came. They may be lost, and nobody can
    /// tell it.
    private var unsure = 0
    /// Whether it must be closed, because it has lines of an epoch that has ended.
    var mustGo = false
    /// How many of the client's lines and errors have been checked.
    var linesSeen = 0
    var errorsSeen = 0

    /// Whether it has ended the connection itself, or begun to.
    var hasLeft = false
    /// Whether it was too slow, deaf or silent at some time.
    var hasLagged = false
    /// Whether its end has been checked.
    var isOver = false

    init(client: Client, room: String, purpose: Purpose) {
        self.client = client
        self.room = room
        self.purpose = purpose
    }

    var isChatting: Bool { client.phase == .open && !hasLeft && !isOver }

    /// Checks what has arrived since the last call.
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
            if error.unknown == true { unknowns += 1 }
            let isLimit = ["rate_limited", "store_unavailable"].contains(code)
            if code == "store_unavailable", world.store == nil {
                world.violate("client \(client.number): there is no store to fail")
            }
            if !isLimit, errors[code]! > dueErrors[code, default: 0] {
                world.violate("client \(client.number): an unexpected \(code)")
            }
            if isLimit != (error.retryAfter != nil) {
                world.violate("client \(client.number): \(code) with a wrong retry_after_ms")
            }
        }
        errorsSeen = client.errors.count
    }

    /// Another machine has taken over the store.
    func failedOver() {
        if lastSeq != nil { mustGo = true }
        unsure = max(unsure, said - ownHeard)
    }

    /// Checks that each message of a connected visitor was delivered to it or refused. If lines
    /// can't be stored, an invalid one may be refused for that instead.
    func checkAnswers(_ world: World) {
        let refused = errors.values.reduce(0, +)
        let said = saidWell + dueErrors.values.reduce(0, +)
        if !(said - min(unsure, said)...said + unknowns ~= ownHeard + refused) {
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
