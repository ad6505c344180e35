internal import Chat
internal import Reactor
internal import WebSocket

/// How responses are written, and what becomes of a request's content.
extension Server where Net: ~Copyable {
    /// A response whose content, if any, is one line of text.
    mutating func respond(
        _ index: Int, _ head: RequestHead, _ status: HTTPStatus, text: String,
        fields: [ResponseHead.Field] = []
    ) {
        queueText(
            index, status, text, keepsAlive: keepsAlive(index, head), isHead: head.method == .head,
            fields: fields)
    }

    private mutating func queueText(
        _ index: Int, _ status: HTTPStatus, _ text: String, keepsAlive: Bool,
        isHead: Bool = false, fields: [ResponseHead.Field]
    ) {
        count(index, status)
        let lines = standingFields(fields)
        let fields = secured(index, fields)
        outbox.enqueueBytes(for: index, lane: .control, in: &connections, at: clock.coarse) {
            ResponseHead.write(
                status, text: text, keepsAlive: keepsAlive, isHead: isHead, lines: lines,
                fields: fields, into: &$0)
        }
    }

    mutating func respond(_ index: Int, _ head: RequestHead, _ answer: Answer) {
        respond(
            index, head, answer.status, contentType: answer.contentType,
            length: answer.content.count, fields: answer.fields)
        guard head.method != .head else { return }
        outbox.enqueueBytes(for: index, lane: .control, in: &connections, at: clock.coarse) {
            $0 += answer.content
        }
    }

    /// A response without content, or with content of `length` bytes that the caller queues.
    mutating func respond(
        _ index: Int, _ head: RequestHead, _ status: HTTPStatus, contentType: String? = nil,
        length: Int? = nil, fields: [ResponseHead.Field] = []
    ) {
        respond(
            index, status, contentType: contentType, length: length,
            keepsAlive: keepsAlive(index, head), fields: fields)
    }

    /// The head of a response whose content is an event stream, up to the end of the connection,
    /// and what every stream begins with.
    mutating func respondWithStream(_ index: Int, fields: [ResponseHead.Field]) {
        count(index, .ok)
        let fields = StreamRequest.fields + fields
        let response = ResponseHead(
            .ok, contentType: StreamRequest.contentType, contentLength: nil, keepsAlive: false,
            lines: standingFields(fields), fields: secured(index, fields))
        let retry =
            Limits.streamRetry + Spread.place(of: index, in: Limits.streamRetryWindow)
        outbox.enqueueBytes(for: index, lane: .lines, in: &connections, at: clock.coarse) {
            response.write(into: &$0)
            $0 += EventText.opening
            EventText.append(retry: retry, to: &$0)
            $0.append(UInt8(ascii: "\n"))
        }
    }

    /// Whether the connection serves another request. It can't find the next request after content
    /// that a client may leave out because it waits for a 100. A connection over a limit serves one
    /// request. After a long debt the next response is the last one, so that a proxy with many
    /// visitors behind it opens another one, and loses nothing.
    func keepsAlive(_ index: Int, _ head: RequestHead) -> Bool {
        (!head.expectsContinue || head.content == .none)
            && keepsAlive(index, isWanted: head.keepsAlive)
    }

    /// The same after a request that was read to its end.
    @inline(__always)
    func keepsAlive(_ index: Int, isWanted: Bool) -> Bool {
        isWanted && connections[index].flags.isDisjoint(with: [.refused, .peerEnded])
            && !allowances.costs.hasOwedTooLong(index, at: clock.now)
    }

    /// A response after which the connection ends, unless a handshake may be repeated on it.
    mutating func respond(
        _ index: Int, _ status: HTTPStatus, _ text: String, keepsAlive: Bool,
        fields: [ResponseHead.Field] = []
    ) {
        queueText(index, status, text, keepsAlive: keepsAlive, fields: fields)
        if keepsAlive { connections.becameIdle(index, at: clock.coarse) } else { lastWords(index) }
    }

    private mutating func count(_ index: Int, _ status: HTTPStatus) {
        counts.countResponse(status)
        if connectionLog.isDebug { connectionLog.answered(index, status.rawValue) }
    }

    /// The lines that a response with these fields has besides them.
    private mutating func standingFields(_ fields: [ResponseHead.Field]) -> [UInt8] {
        clock.standingFields(statesCaching: Caching.isStated(in: fields))
    }

    /// The fields, with encryption after `Strict-Transport-Security`, if it is set.
    @inline(__always)
    private func secured(_ index: Int, _ fields: [ResponseHead.Field]) -> [ResponseHead.Field] {
        guard let strictTransport = wire.strictTransport, isSecured(index) else { return fields }
        return [strictTransport] + fields
    }

    // MARK: Pages of other origins

    /// The fields that let a page of another origin read an answer. Empty if it may not.
    mutating func crossOrigin(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> [ResponseHead.Field] {
        guard head.origin != nil else { return [] }
        let isTrusted = trustsPage(index, head, in: bytes)
        guard isTrusted || wire.handshake.origins.isEmpty else { return [CrossOrigin.varies] }
        return CrossOrigin.fields(
            head, in: bytes, sendsCookies: isTrusted && identities.cookie != nil)
    }

    /// Whether a page of a trusted origin, or of this server, sends a request.
    mutating func trustsPage(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>
    ) -> Bool {
        OpeningHandshake.isTrusted(
            head, in: bytes, policy: wire.handshake,
            isSecure: connections[index].socket.isSecured)
            || addresses.isOwnOrigin(index, head, in: bytes)
    }

    // MARK: Content

    /// The request has its response. Prepares the connection for what comes next. Content that no
    /// resource wants is read and dropped, so that the connection can serve the next request.
    mutating func answered(_ index: Int, _ head: RequestHead) {
        guard keepsAlive(index, head) else { return lastWords(index) }
        connections.becameIdle(index, at: clock.coarse)
        guard head.content != .none else { return }
        connections.skipsContent(
            index, ContentDecoder(head.content, limit: wire.head.contentBytes))
    }

    /// Takes content of a request.
    mutating func receivedContent(_ index: Int, _ input: Span<UInt8>, _ offset: inout Int) {
        let (rare, start) = (connections[index].makeRare(), offset)
        let isKept = connections[index].phase == .http(.body)
        guard var content = rare.content else {
            preconditionFailure("content arrives only where some is announced")
        }
        do throws(RequestViolation) {
            while let place = try content.next(in: input, from: &offset) {
                if isKept { rare.body.append(input.extracting(place)) }
            }
        } catch {
            // The end of the request can't be found.
            offset = input.count
            failedHandshake(.malformed)
            return refuseRequest(index, error)
        }
        allowances.turns.spend((offset - start) / Cost.frameBytes)
        rare.content = content.isComplete ? nil : content
        guard content.isComplete else { return }
        if isKept { return completed(index) }
        connections.becameIdle(index, at: clock.coarse)
        connections[index].dropRareIfEmpty()
    }

    /// A request breaks HTTP or a limit, or didn't arrive in time. The connection ends. Programs
    /// that use the API get the answer in its form.
    mutating func refuseRequest(
        _ index: Int, _ violation: RequestViolation, isForAPI: Bool = false
    ) {
        let kept = connections[index].rare.map { APIResource.isBegun(by: $0.head.span) } ?? false
        guard isForAPI || kept else {
            return respond(index, violation.status, violation.reason, keepsAlive: false)
        }
        respond(index, Problem(violation), keepsAlive: false)
        lastWords(index)
    }

    // MARK: JSON

    /// The answer to a request of the API that fails.
    mutating func respond(
        _ index: Int, _ problem: Problem, keepsAlive: Bool, isHead: Bool = false,
        fields: [ResponseHead.Field] = []
    ) {
        respond(
            index, problem.status, json: problem.json, contentType: Problem.contentType,
            keepsAlive: keepsAlive, isHead: isHead, fields: problem.fields + fields)
    }

    /// The beginning of an answer whose content, of `length` bytes, the caller queues. Without a
    /// length there is none.
    mutating func respond(
        _ index: Int, _ status: HTTPStatus, contentType: String? = nil, length: Int? = nil,
        keepsAlive: Bool, fields: [ResponseHead.Field]
    ) {
        count(index, status)
        let response = ResponseHead(
            status, contentType: contentType, contentLength: length, keepsAlive: keepsAlive,
            lines: standingFields(fields), fields: secured(index, fields))
        outbox.enqueueBytes(for: index, lane: .control, in: &connections, at: clock.coarse) {
            response.write(into: &$0)
        }
    }

    mutating func respond(
        _ index: Int, _ status: HTTPStatus, json: [UInt8],
        contentType: String = "application/json", keepsAlive: Bool, isHead: Bool = false,
        fields: [ResponseHead.Field] = []
    ) {
        count(index, status)
        let response = ResponseHead(
            status, contentType: contentType, contentLength: json.count, keepsAlive: keepsAlive,
            lines: standingFields(fields), fields: secured(index, fields))
        outbox.enqueueBytes(for: index, lane: .control, in: &connections, at: clock.coarse) {
            response.write(into: &$0)
            if !isHead { $0.append(json.span) }
        }
    }
}
