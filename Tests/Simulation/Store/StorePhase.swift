internal import Reactor

/// Whether a simulated store can be used, and when that changes by itself.
struct StorePhase {
    private enum State {
        case unopened
        case open
        case failing(until: Instant)
    }

    enum Change {
        case opened
        case recovered
    }

    private var state = State.unopened
    /// When it opens. Nil once it has.
    private var opens: Instant?

    init(opensAt opens: Instant) {
        self.opens = opens
    }

    /// Whether appends succeed.
    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Whether it has been open.
    var wasOpen: Bool { opens == nil }

    /// Whether work may proceed. Before the store is open it may not, unless a failure was
    /// reported.
    var mayGoOn: Bool {
        switch state {
        case .unopened: false
        case .open, .failing: true
        }
    }

    /// When the next change is due.
    var next: Instant? {
        if let opens { return opens }
        guard case .failing(let end) = state else { return nil }
        return end
    }

    /// Makes the next change that is due.
    mutating func pass(to now: Instant) -> Change? {
        if let opens, opens <= now {
            self.opens = nil
            state = .open
            return .opened
        }
        if case .failing(let end) = state, opens == nil, end <= now {
            state = .open
            return .recovered
        }
        return nil
    }

    /// Makes appends fail for a while. Returns false if they already do.
    mutating func fail(until end: Instant) -> Bool {
        if case .failing = state { return false }
        state = .failing(until: end)
        return true
    }

    /// Makes appends succeed again. Returns false if they already do, or if the store was never
    /// open.
    mutating func recover() -> Bool {
        guard case .failing = state, opens == nil else { return false }
        state = .open
        return true
    }
}
