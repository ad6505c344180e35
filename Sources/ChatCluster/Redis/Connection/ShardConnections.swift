internal import Chat
internal import Reactor
internal import Redis

/// A node's two connections to a shard: one for commands, and one on which the shard tells news,
/// because a connection that listens carries no commands. If one ends, so does the other.
final class ShardConnections {
    /// What the next reply on the connection for commands answers.
    private enum Awaited {
        case command(UInt64, ShardCommand)
        /// How many replicas have the lines of the appends before, whose replies are held back.
        case replicas
        /// Nothing: whatever it is.
        case anything
    }

    /// Milliseconds for which an append need not compare the shard's data with the epoch's again.
    /// In so short a time no server becomes a replica, takes other data, and is a master again.
    private static let trust: UInt64 = 100
    /// Milliseconds before a server that can't be a shard is tried again.
    private static let pause: UInt64 = 1_000
    /// Milliseconds for replicas to take lines.
    private static let replicaPatience = ShardLimits.patience - 500
    /// The same while too few take them. Until then no other command is carried out.
    private static let shortPatience: UInt64 = 100

    private let commands: RedisLink
    private let news: RedisLink
    private let channels: ShardChannels
    private let terms: ShardTerms
    /// Nil until the connection for commands is open and the scripts are loaded.
    private var codec: ShardCodec?
    private var isConnected = false
    /// Whether the name was given back, and the shard has yet to answer.
    private(set) var isLeaving = false
    private var awaited: [Awaited] = []
    private var firstAwaited = 0
    /// The answers to appends, until replicas have their lines.
    private var held: [(number: UInt64, reply: ShardReply)] = []
    /// Whether appends were sent since replicas were last waited for.
    private var hasAppended = false
    /// Whether too few replicas had the last lines in time.
    private var isShort = false
    /// When an append has compared the data last.
    private var compared: Instant?
    /// When a beat was sent that has no answer yet.
    private var beaten: Instant?
    /// The times from a beat to its answer.
    private(set) var roundTrips = DurationHistogram()

    init(to url: RedisURL, _ terms: ShardTerms, wake: @escaping @Sendable () -> Void) {
        self.terms = terms
        channels = ShardChannels(database: url.database)
        commands = RedisLink(
            to: url, greeting: [RedisRequest("INFO")] + ShardCodec.loading(channels), wake: wake)
        news = RedisLink(to: url, wake: wake)
    }

    /// The links to wait for.
    var links: [RedisLink] { [commands, news] }

    /// When the next turn is due, even if nothing is ready.
    var deadline: Instant? { [commands.deadline, news.deadline].compactMap { $0 }.min() }

    /// Does what can be done without waiting. `ready` tells for each of ``links`` whether something
    /// has arrived.
    func turn(at now: Instant, ready: ArraySlice<Bool>, into events: inout [ShardEvent]) {
        waitForReplicas()
        var (replies, messages): ([RedisLink.Event], [RedisLink.Event]) = ([], [])
        commands.turn(at: now, isReady: ready.first == true, into: &replies)
        news.turn(at: now, isReady: ready.last == true, into: &messages)
        let happened = messages.map { ($0, true) } + replies.map { ($0, false) }
        // What has arrived counts, even if a connection has ended behind it.
        for (event, isNews) in happened where event.isReceived {
            received(event, isNews: isNews, at: now, into: &events)
        }
        for (event, isNews) in happened where !event.isReceived {
            received(event, isNews: isNews, at: now, into: &events)
        }
    }

    /// Carries out what the node wants. Without a connection nothing comes of it: the node has been
    /// told, or is about to be.
    func carryOut(_ effect: ShardEffect, at now: Instant, into events: inout [ShardEvent]) {
        switch effect {
        case .reconnect: close("\(commands.url): it doesn't answer", at: now, into: &events)
        case .command(let number, let command): send(command, number, at: now)
        case .subscribe(let room):
            if isConnected { news.send(RedisRequest("SUBSCRIBE", channels.channel(of: room))) }
        case .unsubscribe(let room):
            if isConnected { news.send(RedisRequest("UNSUBSCRIBE", channels.channel(of: room))) }
        }
    }

    /// The node stops, and gives its name back. The next turn sends that.
    func leave(_ run: NodeRun) {
        guard isConnected, let codec else { return }
        commands.send(codec.leaving(run))
        isLeaving = true
    }

    private func send(_ command: ShardCommand, _ number: UInt64, at now: Instant) {
        guard isConnected, let codec else { return }
        if case .beat = command { beaten = now }
        var isAppend = false
        if case .append = command { isAppend = true }
        let compares =
            isAppend
            && (isShort || compared.map { $0.advanced(byMilliseconds: Self.trust) <= now } ?? true)
        if compares { compared = now }
        commands.send(codec.request(for: command, compares: compares))
        awaited.append(.command(number, command))
        hasAppended = hasAppended || isAppend
    }

    /// Waits once for the lines of all appends that were sent together.
    private func waitForReplicas() {
        guard hasAppended, terms.replicas > 0, isConnected else { return }
        hasAppended = false
        let patience = isShort ? Self.shortPatience : Self.replicaPatience
        commands.send(RedisRequest("WAIT", "\(terms.replicas)", "\(patience)"))
        awaited.append(.replicas)
    }

    private func received(
        _ event: RedisLink.Event, isNews: Bool, at now: Instant, into events: inout [ShardEvent]
    ) {
        switch event {
        case .opened(let replies):
            if !isNews, let problem = greeted(replies) {
                commands.close(at: now, pause: Self.pause)
                return events.append(.disconnected(reason: "\(commands.url): \(problem)"))
            }
            // The other connection may be open, and its greeting not yet looked at.
            guard codec != nil, news.isOpen else { return }
            isConnected = true
            news.send(RedisRequest("SUBSCRIBE", channels.news))
            // The shard may have lost what it kept.
            for offer in terms.secrets?.offers ?? [] {
                commands.send(offer)
                awaited.append(.anything)
            }
            events.append(.connected)
        case .closed(let reason):
            if !isNews { codec = nil }
            close(reason, at: now, into: &events)
        case .received(let value):
            // It arrived before the connection was closed.
            guard isConnected else { return }
            if isNews { return told(value, into: &events) }
            do throws(ShardFault) {
                try replied(value, at: now, into: &events)
            } catch {
                close("\(commands.url): \(error.reason)", at: now, into: &events)
            }
        }
    }

    /// Returns why the server can't be a shard.
    private func greeted(_ replies: [RedisValue]) -> String? {
        if let problem = ServerFacts(replies.first?.text ?? "").problem { return problem }
        codec = ShardCodec(replies.dropFirst(), terms)
        return codec == nil ? "it takes no scripts" : nil
    }

    private func close(_ reason: String, at now: Instant, into events: inout [ShardEvent]) {
        beaten = nil
        if isConnected {
            commands.close(at: now)
            news.close(at: now)
            codec = nil
        }
        (isConnected, isLeaving) = (false, false)
        (awaited, firstAwaited, held, compared) = ([], 0, [], nil)
        hasAppended = false
        events.append(.disconnected(reason: reason))
    }

    private func replied(
        _ value: RedisValue, at now: Instant, into events: inout [ShardEvent]
    ) throws(ShardFault) {
        guard firstAwaited < awaited.count else {
            isLeaving = false
            return
        }
        let next = awaited[firstAwaited]
        firstAwaited += 1
        if firstAwaited == awaited.count { (awaited, firstAwaited) = ([], 0) }
        switch next {
        case .command(let number, let command):
            if case .beat = command, let sent = beaten {
                beaten = nil
                roundTrips.record(nanoseconds: now.nanoseconds - sent.nanoseconds)
            }
            let reply = try ReplyCode.reply(to: command, value)
            if terms.replicas > 0, case .appended(.answered) = reply {
                held.append((number, reply))
            } else {
                events.append(.answered(number, reply))
            }
        case .anything: break
        case .replicas:
            let waiting = held
            held = []
            guard !waiting.isEmpty else { return }
            let count = value.number ?? 0
            isShort = count < terms.replicas
            let reason = "\(count) of \(terms.replicas) replicas have the last lines"
            for (number, reply) in waiting {
                let outcome = isShort ? .appended(.unsettled(reason: reason)) : reply
                events.append(.answered(number, outcome))
            }
        }
    }

    /// A message on the connection for news: `subscribe`, `unsubscribe` or `message`.
    private func told(_ value: RedisValue, into events: inout [ShardEvent]) {
        guard let parts = value.elements, parts.count == 3, let channel = parts[1].text else {
            return
        }
        let room = channels.room(of: channel)
        switch (parts[0].text, room) {
        case ("subscribe", let room?): events.append(.subscribed(room))
        case ("message", let room):
            // What can't be read counts as lost.
            guard let bytes = parts[2].bytes else { return }
            if let room, let entries = PublicationCode.publication(bytes) {
                events.append(.published(room, entries))
            } else if let room, let notice = PresenceReplyCode.notice(bytes) {
                events.append(.present(room, notice))
            } else if let room, let oldest = PublicationCode.oldest(bytes) {
                events.append(.pruned(room, oldest: oldest))
            } else if channel == channels.news, let item = ChangeReplyCode.news(bytes) {
                events.append(.news([item]))
            }
        case (.some, _), (nil, _): break
        }
    }
}

extension RedisLink.Event {
    fileprivate var isReceived: Bool {
        if case .received = self { true } else { false }
    }
}
