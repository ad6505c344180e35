internal import Chat
internal import Reactor

extension Run {
    /// The number of simultaneous opening handshakes, if connections are opened as fast as
    /// possible.
    private static let openingAtOnce = 256
    /// The same if they are opened at a rate.
    private static let openingAtRate = 4096
    /// Seconds in which at least one handshake must succeed.
    private static let patience = 10.0
    /// Seconds for a server that has chosen `hubbub.v1` to let the first connection join.
    private static let joinPatience = 2.0

    /// Opens all connections. Ends early after a signal.
    mutating func openAll() throws(Failure) {
        // The first one finds the address of the server that answers.
        if settings.dialect == .auto { try findDialect() }
        try open(upTo: 1, ramp: ramp(0))
        if settings.scenario == .idle {
            try open(upTo: max(share.size / 2, 1), ramp: ramp(share.connectRate))
            try wait(for: .half)
        }
        try open(upTo: share.size, ramp: ramp(share.connectRate))
    }

    /// Opens the first connection. Some servers choose any subprotocol that they are offered
    /// without supporting it.
    private mutating func findDialect() throws(Failure) {
        let start = crowd.now
        var isTried = false
        try crowd.begin(0, due: start)
        while crowd.opened == 0, crowd.interruptions == 0 {
            try tick(until: crowd.now.advanced(bySeconds: 0.05))
            if !isTried, crowd.clients[0].isRich,
                crowd.now >= start.advanced(bySeconds: Self.joinPatience)
            {
                isTried = true
                try crowd.speakPlain()
            }
            guard crowd.now < start.advanced(bySeconds: Self.patience) else {
                throw Failure("for \(Self.patience) s the server has let no connection in")
            }
        }
    }

    private func ramp(_ rate: Double) -> Ramp {
        Ramp(start: crowd.network.now(), rate: rate, seconds: settings.ramp)
    }

    private mutating func open(upTo size: Int, ramp: Ramp) throws(Failure) {
        let first = crowd.opened + crowd.opening
        let atOnce = ramp.rate > 0 ? Self.openingAtRate : Self.openingAtOnce
        var (begun, before, progressed) = (first, crowd.opened, crowd.network.now())
        while crowd.opened < size, crowd.interruptions == 0 {
            crowd.now = crowd.network.now()
            while begun < size, crowd.opening < atOnce {
                let due = ramp.rate > 0 ? ramp.due(begun - first) : crowd.now
                guard due <= crowd.now else { break }
                try crowd.begin(begun, due: due)
                begun += 1
            }
            let next = begun < size && crowd.opening < atOnce ? ramp.due(begun - first) : nil
            try tick(until: next ?? crowd.now.advanced(bySeconds: 0.1))
            if crowd.opened > before || crowd.opening == 0 {
                (before, progressed) = (crowd.opened, crowd.now)
            }
            guard crowd.now < progressed.advanced(bySeconds: Self.patience) else {
                let what = settings.dialect == .rich ? "join (--dialect \(Subprotocol.rich))" : "in"
                throw Failure(
                    "\(crowd.opened) of \(share.size) connections are open, and for "
                        + "\(Self.patience) s the server has let no other one \(what)")
            }
        }
    }
}
