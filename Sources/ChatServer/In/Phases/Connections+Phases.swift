internal import Reactor
internal import WebSocket

/// The phases of connections. Each change is counted.
extension Connections {
    /// A connection has come into this phase.
    @inline(__always)
    mutating func enter(_ index: Int, _ phase: Connection.Phase) {
        states.left(table[index].phase.state)
        states.entered(phase.state)
        table[index].phase = phase
    }

    /// A connection leaves the chat.
    mutating func leave(_ index: Int) {
        states.left(table[index].phase.state)
        table[index].leftChat()
        states.entered(table[index].phase.state)
    }

    /// A request has its response, and the connection serves another one.
    mutating func becameIdle(_ index: Int, at now: CoarseTime) {
        enter(index, .http(.head))
        table[index].since = now
        table[index].flags.insert(.answered)
        schedule(index)
    }

    /// Content of a request follows, which is dropped.
    mutating func skipsContent(_ index: Int, _ content: ContentDecoder) {
        table[index].makeRare().content = content
        enter(index, .http(.content))
        schedule(index)
    }

    /// The head of a request has arrived, and its content follows, which its resource wants. All of
    /// it has the message timeout from now on.
    mutating func keepsContent(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, _ content: ContentDecoder,
        at now: CoarseTime
    ) {
        let rare = keepHead(index, head, in: bytes)
        rare.content = content
        enter(index, .http(.body))
        table[index].since = now
        recount(index)
        schedule(index)
    }

    /// A request has arrived, and waits until it is known who asks.
    mutating func keepsRequest(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, content: Span<UInt8>,
        _ verification: Verification
    ) {
        let rare = keepHead(index, head, in: bytes)
        rare.body.append(content)
        awaitAnswer(index, .verification(verification))
    }

    private mutating func keepHead(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Connection.Rare {
        let rare = table[index].makeRare()
        rare.head.append(bytes.extracting(..<head.length))
        rare.progress = HeadProgress(of: head)
        return rare
    }

    /// The request of a connection is performed. If it isn't answered at once, its answer waits.
    mutating func performs(_ index: Int, _ request: APIRequest) {
        performing = (index, request)
        enter(index, .http(.answering))
    }

    /// The request was performed. If it isn't answered, what comes behind it waits.
    mutating func performed(_ index: Int) {
        guard let (_, request) = performing else { return }
        performing = nil
        guard isServed(index), table[index].waiting == nil else { return }
        table[index].makeRare().waiting = .request(request)
        recount(index)
    }

    /// A request has arrived, and its answer waits. What comes behind it waits, too.
    mutating func awaitAnswer(_ index: Int, _ command: WaitingCommand) {
        table[index].makeRare().waiting = command
        enter(index, .http(.answering))
        recount(index)
    }

    /// Nothing more is sent or handled. The peer has the close timeout to end the connection.
    mutating func linger(_ index: Int, at now: CoarseTime) {
        dropContext(index)
        enter(index, .lingering)
        table[index].since = now
        dropRare(index)
        schedule(index)
    }
}
