internal import Chat
internal import Reactor
internal import WebSocket

/// Requests whose content is kept, and whose answers wait.
extension Connections {
    /// The head of a request has arrived, and its content follows, which its resource wants. All of
    /// it has the message timeout from now on.
    mutating func keepsContent(
        _ index: Int, head: [UInt8], _ content: ContentDecoder, at now: CoarseTime
    ) {
        let rare = table[index].makeRare()
        rare.head = head
        rare.content = content.isComplete ? nil : content
        table[index].phase = .http(.body)
        table[index].since = now
        recount(index)
        schedule(index)
    }

    /// A request has arrived, and its answer waits. What comes behind it waits, too.
    mutating func awaitAnswer(_ index: Int, _ command: WaitingCommand) {
        table[index].makeRare().waiting = command
        table[index].phase = .http(.answering)
        recount(index)
    }

    /// Takes the head and the content of a request.
    mutating func takeRequest(_ index: Int) -> (head: [UInt8], body: [UInt8]) {
        guard let rare = table[index].rare else { return ([], []) }
        let request = (rare.head, rare.body)
        (rare.head, rare.body) = ([], [])
        recount(index)
        return request
    }

    /// The line of a request that waits for its answer.
    func post(_ index: Int) -> Post? {
        guard case .post(let post)? = table[index].waiting, isServed(index) else { return nil }
        return post
    }

    /// A request doesn't wait any more.
    mutating func stopWaiting(_ index: Int) {
        table[index].rare?.waiting = nil
        recount(index)
    }
}
