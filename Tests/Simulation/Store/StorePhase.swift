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
    /// When it opens; nil once it has.
    private var opens: Instant?

    init(opensAt opens: Instant) {
        self.opens = opens
    }

    /// Whether appends succeed.
    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Whether it was open at some time.
    var wasOpen: Bool { opens == nil }

    /// Before the store is open nothing is done, unless it has said that it fails.
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

    /// Appends fail for a while. False if they do already.
    mutating func fail(until end: Instant) -> Bool {
        if case .failing = state { return false }
        state = .failing(until: end)
        return true
    }

    /// Appends succeed again. False if they do already, or if it never was open.
    mutating func recover() -> Bool {
        guard case .failing = state, opens == nil else { return false }
        state = .open
        return true
    }
}
