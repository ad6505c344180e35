internal import Chat
internal import Reactor

/// Lines on their way to the orderer that are to wait there, and the guests that wait for a
/// decision.
struct HoldQueue {
    /// Lines that may be on their way at once.
    static let limit = 4_096
    /// Tells their tickets from those of lines that are said at once.
    private static let mark: UInt64 = 1 << 63

    /// A line on its way.
    struct Hold {
        let draft: Draft
        let sender: Token
        /// Connections that have sent it again in the meantime.
        fileprivate(set) var others: [Token] = []

        var askers: [Token] { [sender] + others }
    }

    private var waiting: [UInt64: Hold] = [:]
    private(set) var nextTicket = Self.mark
    /// The connections of guests whose lines wait.
    private var guests: [UInt64: Token] = [:]
    /// The number of the next line, if the server gives it.
    private var nextID: UInt64 = 1

    var count: Int { waiting.count }

    static func isTicket(_ ticket: UInt64) -> Bool { ticket >= mark }

    /// The numbers of lines begin here, so that they differ from those before a restart.
    mutating func begin(at number: UInt64) { nextID = max(number >> 16, 1) }

    mutating func takeID() -> UInt64 {
        defer { nextID += 1 }
        return nextID
    }

    /// A line is on its way, with ``nextTicket``.
    mutating func append(_ draft: Draft, from sender: Token) {
        waiting[nextTicket] = Hold(draft: draft, sender: sender)
        nextTicket += 1
    }

    /// Another connection waits for a line that is on its way.
    mutating func awaited(_ ticket: UInt64, by token: Token) {
        waiting[ticket]?.others.append(token)
    }

    /// Takes a line whose outcome is known.
    mutating func take(_ ticket: UInt64) -> Hold? { waiting.removeValue(forKey: ticket) }

    /// The line of a guest waits.
    mutating func waits(_ id: UInt64, for guest: Token) { guests[id] = guest }

    /// The line of a guest waits no more.
    mutating func takeGuest(_ id: UInt64) -> Token? { guests.removeValue(forKey: id) }
}
