internal import Chat
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// Takes bytes of a request head. A head that is complete in the input is parsed in place. The
    /// bytes of an incomplete one are kept.
    mutating func receivedHead(_ index: Int, _ input: Span<UInt8>, _ offset: inout Int) {
        let rest = input.extracting(offset...)
        do throws(RequestViolation) {
            if let rare = connections[index].rare, !rare.head.isEmpty {
                let before = rare.head.count
                // One byte past the limit is enough to see that the head is too long.
                let room = limits.headBytes + 1 - before
                guard room > 0 else { return refuseHead(index, input.count, &offset) }
                rare.head.append(rest.extracting(first: min(room, rest.count)))
                let head = rare.head
                guard
                    let request = try RequestHead.parse(
                        head.span, progress: &rare.progress, limits: wire.head)
                else {
                    offset = input.count
                    return connections.recount(index)
                }
                (rare.head, rare.progress) = ([], HeadProgress())
                connections.recount(index)
                offset += request.length - before
                requested(index, request, in: head.span, &offset)
            } else {
                var progress = HeadProgress()
                guard
                    let request = try RequestHead.parse(
                        rest, progress: &progress, limits: wire.head)
                else {
                    let rare = connections[index].makeRare()
                    rare.head.append(rest)
                    rare.progress = progress
                    connections.recount(index)
                    offset = input.count
                    return connections.headBegan(index, at: clock.coarse)
                }
                offset += request.length
                requested(index, request, in: rest, &offset)
            }
        } catch {
            offset = input.count
            failedHandshake(.malformed)
            refuseRequest(index, error, isForAPI: APIResource.isBegun(by: rest))
        }
    }

    /// A head is complete. `offset` is behind it, and moves behind content that is taken with it.
    private mutating func requested(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, _ offset: inout Int
    ) {
        allowances.turns.spend(Cost.request + head.length / Cost.frameBytes)
        if network.security(of: connections[index].socket) == .misdirected {
            return redirectToEncryption(index, head, in: bytes)
        }
        var route = Route(path: head.path, in: bytes)
        if route?.isForOperators == true, !servesOperators(index) { route = nil }
        // Monitoring must be able to tell a full server from a dead one.
        if connections[index].flags.contains(.refused), route?.isForProbes != true {
            return refuse(index)
        }
        if APIResource.isPath(head.path, in: bytes) {
            return askedForAPI(index, head, in: bytes, &offset)
        }
        if identities.areOn, refusesTokenInURL(index, head, in: bytes) { return }
        if route == .chat, head.method == .get {
            return askedForWebSocket(index, head, in: bytes)
        }
        switch head.method {
        case .unknown:
            return respond(
                index, .notImplemented, "This server has no such method.",
                keepsAlive: false)
        case .options where head.isAsterisk || route != nil:
            let allowed = route?.allowedMethods ?? "GET, HEAD, OPTIONS"
            respond(index, head, .noContent, fields: [ResponseHead.Field("Allow", allowed)])
        case .get, .head, .options, .post, .put, .delete, .patch, .known:
            guard let route else {
                respond(index, head, .nothing(at: head, in: bytes))
                break
            }
            guard head.method == .get || head.method == .head && route != .chat else {
                let allowed = route.allowedMethods
                respond(
                    index, head, .methodNotAllowed, text: "This path takes \(allowed).",
                    fields: [ResponseHead.Field("Allow", allowed)])
                break
            }
            serve(index, head, route, in: bytes)
        }
        answered(index, head)
    }

    private mutating func serve(
        _ index: Int, _ head: RequestHead, _ route: Route, in bytes: Span<UInt8>
    ) {
        if let document = documents[route] {
            return serve(index, head, document, in: bytes)
        }
        switch route {
        case .health: respond(index, head, .ok, text: "alive")
        case .readiness:
            if life != .serving {
                respond(index, head, .serviceUnavailable, text: "The server is stopping.")
            } else if let trouble = history.trouble(at: clock.coarse) {
                respond(index, head, .serviceUnavailable, text: trouble)
            } else {
                respond(index, head, .ok, text: "ready")
            }
        case .metrics:
            guard wire.admitsToMetrics(head, in: bytes) else {
                allowances.turns.spend(Cost.refusal)
                return respond(
                    index, .noMetricsToken, keepsAlive: keepsAlive(index, head),
                    isHead: head.method == .head)
            }
            // For HEAD the length may be left out (RFC 9110 section 9.3.2), so no page is made.
            guard head.method == .get else {
                return respond(index, head, .ok, contentType: MetricsText.contentType)
            }
            allowances.turns.spend(Cost.metrics)
            let page = metricsPage()
            respond(
                index, head, .ok, contentType: MetricsText.contentType,
                length: outbox.pool.length(page))
            enqueue(index, page, lane: .control)
        case .page, .library, .moderation, .admin, .examples:
            preconditionFailure("documents are served above")
        case .chat: preconditionFailure("a handshake is answered by askedForWebSocket")
        }
    }

    /// The content of the page of metrics in this tick.
    private mutating func metricsPage() -> ChunkID {
        if let page = documents.metrics.current { return page }
        let content = MetricsText.page(of: Figures(of: &self))
        return documents.metrics.made(content, pool: &outbox.pool)
    }

    /// Sends a document, or only says that the client's copy is current.
    mutating func serve(
        _ index: Int, _ head: RequestHead, _ ready: ReadyDocument, in bytes: Span<UInt8>
    ) {
        let coding = ContentCoding.preferred(head.acceptEncoding, in: bytes)
        let representation = ready.document[coding]
        let fields = representation.fields + ready.fields(authority: head.authority, in: bytes)
        guard !representation.tag.matches(head.ifNoneMatch, in: bytes) else {
            return respond(index, head, .notModified, fields: fields)
        }
        respond(
            index, head, .ok, contentType: ready.document.contentType,
            length: representation.content.count, fields: fields)
        guard head.method == .get else { return }
        allowances.turns.spend(representation.content.count / Cost.documentBytes)
        enqueue(index, ready.chunk(coding), lane: .control)
    }
}
