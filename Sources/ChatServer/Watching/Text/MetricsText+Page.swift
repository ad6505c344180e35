internal import Chat
internal import Reactor

/// The text of `GET /metrics`.
extension MetricsText {
    static func page(of figures: Figures) -> [UInt8] {
        var text = MetricsText()
        text.metric("hubbub_build_info", .gauge, "The running version; always 1.")
        text.sample("hubbub_build_info", [("version", figures.version)], "1")
        text.metric("process_start_time_seconds", .gauge, "When the server started.")
        text.sample("process_start_time_seconds", [], seconds(figures.started))
        text.writeConnections(figures)
        text.writeRooms(figures)
        text.writeTraffic(figures)
        text.writeIdentity(figures)
        if let report = figures.encryption { text.writeEncryption(report) }
        text.writeHistory(figures)
        if let store = figures.history.store { text.writeStore(store) }
        if let cluster = figures.history.cluster {
            text.writeCluster(cluster, elsewhere: figures.membersElsewhere)
        } else if let store = figures.history.store {
            text.writeFiles(store)
        }
        if let checks = figures.checks { text.writeChecks(checks) }
        if !figures.followers.isEmpty { text.writeFollowers(figures.followers) }
        text.writeMemory(figures)
        text.writeLimits(figures.changedLimits)
        text.histogram(
            "hubbub_line_delivery_duration_seconds",
            "Time from a line's arrival to its last send to members at the head of its room.",
            figures.deliveries)
        text.histogram(
            "hubbub_tick_duration_seconds",
            "Time from the end of a wait to the end of its tick's last flush.",
            figures.counts.ticks)
        return Array(text.text.utf8)
    }

    static func seconds(_ time: Timestamp) -> String { "\(Double(time.milliseconds) / 1_000)" }

    private mutating func writeConnections(_ figures: Figures) {
        let (metrics, connections) = (figures.counts, figures.connections)
        single(
            "hubbub_connections", .gauge, "Open connections in all phases.", connections.open)
        single(
            "hubbub_connections_limit", .gauge, "The largest number of open connections.",
            connections.limit)
        levels(
            "hubbub_connection_states", "Open connections by what they are doing.",
            label: "state",
            ConnectionState.allCases.map { ($0.rawValue, connections.states[$0]) })
        single(
            "hubbub_connections_refusing", .gauge,
            "Open connections over a limit, which get a refusal.", connections.refusing)
        single(
            "hubbub_websockets", .gauge, "Open WebSockets.",
            connections.states[.plain] + connections.states[.rich])
        single(
            "hubbub_event_streams", .gauge, "Open event streams.", connections.states[.stream])
        single(
            "hubbub_event_streams_opened_total", .counter, "Event streams that were opened.",
            metrics.eventStreamsOpened)
        single(
            "hubbub_connections_accepted_total", .counter, "Connections accepted.",
            metrics.connectionsAccepted)
        single(
            "hubbub_connections_refused_total", .counter,
            "Connections answered with 503, or closed, because of a limit.",
            metrics.connectionsRefused)
        single(
            "hubbub_connections_closed_total", .counter, "Connections ended.",
            metrics.connectionsClosed)
        single(
            "hubbub_accept_pauses_total", .counter,
            "Times that accepting paused because descriptors or memory ran out.",
            metrics.acceptPauses)
        family(
            "hubbub_handshakes_total", "Opening handshakes and requests that failed as such.",
            label: "outcome",
            zip(Metrics.HandshakeOutcome.allCases, metrics.handshakes).map { ($0.rawValue, $1) })
        family(
            "hubbub_http_responses_total", "HTTP responses by status code.", label: "code",
            metrics.responses.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) })
        family(
            "hubbub_closes_total",
            "Ended WebSockets by close code; 1005: a Close without code, 1006: no Close.",
            label: "code",
            metrics.closes.sorted { $0.key < $1.key }
                .map { (Metrics.label(ofClose: $0.key), $0.value) })
    }

    private mutating func writeIdentity(_ figures: Figures) {
        let metrics = figures.counts
        single(
            "hubbub_identified", .gauge,
            "Connections that have a token, or must send one before anything else.",
            figures.connections.identified)
        family(
            "hubbub_tokens_total", "Tokens that clients have sent, by whether they were good.",
            label: "outcome",
            [("accepted", metrics.tokensAccepted), ("refused", metrics.tokensRefused)])
        single(
            "hubbub_identities_expired_total", .counter,
            "Connections whose token has ended before them.", metrics.identitiesExpired)
        single(
            "hubbub_identities_revoked_total", .counter,
            "Connections that were closed because their token was revoked.",
            metrics.identitiesRevoked)
    }

    private mutating func writeLimits(_ limits: [ChangedLimit]) {
        let name = "hubbub_changed_limit_info"
        metric(name, .gauge, "Limits in force that aren't the default; always 1.")
        for limit in limits {
            sample(
                name,
                [("limit", limit.name), ("value", limit.value), ("default", limit.standard)], "1")
        }
    }
}
