internal import Chat
internal import Reactor

/// The text of `GET /metrics`.
extension MetricsText {
    static func page<Net: Network & ~Copyable>(of server: borrowing Server<Net>) -> [UInt8] {
        var text = MetricsText()
        text.metric("hubbub_build_info", .gauge, "The running version; always 1.")
        text.sample("hubbub_build_info", [("version", Version.current)], "1")
        text.writeConnections(server)
        text.writeTraffic(server)
        text.writeIdentity(server)
        if let report = server.network.securityReport() { text.writeEncryption(report) }
        text.writeHistory(server)
        if let orderer = server.history.orderer { text.writeStore(orderer.metrics) }
        if server.history.lineChecks.checker != nil { text.writeChecks(server.history.lineChecks) }
        if let reports = server.supervision.observer?.reports, !reports.isEmpty {
            text.writeFollowers(reports)
        }
        text.histogram(
            "hubbub_tick_duration_seconds",
            "Time from the end of a wait to the end of its tick's last flush.", server.counts.ticks)
        return Array(text.text.utf8)
    }

    private mutating func writeConnections<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>
    ) {
        let metrics = server.metrics
        single(
            "hubbub_connections", .gauge, "Open connections in all phases.",
            server.connections.count)
        single(
            "hubbub_connections_limit", .gauge, "The largest number of open connections.",
            server.limits.connections)
        single("hubbub_websockets", .gauge, "Open WebSockets.", server.connections.sessions)
        single("hubbub_rooms", .gauge, "Rooms with at least one member.", server.hub.roomCount)
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

    private mutating func writeIdentity<Net: Network & ~Copyable>(
        _ server: borrowing Server<Net>
    ) {
        let metrics = server.metrics
        single(
            "hubbub_identified", .gauge,
            "Connections that have a token, or must send one before anything else.",
            server.identities.count)
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

    private mutating func writeHistory<Net: Network & ~Copyable>(_ server: borrowing Server<Net>) {
        let metrics = server.metrics
        single(
            "hubbub_history_ready", .gauge,
            "1 while lines can be stored, 0 while they can't; 1 with --history none.",
            server.history.trouble(at: server.clock.coarse) == nil ? 1 : 0)
        single(
            "hubbub_history_failures_total", .counter,
            "Times that storing lines began to fail.", metrics.storeFailures)
        single(
            "hubbub_lines_stored_total", .counter, "Lines that are stored.", metrics.linesStored)
        single(
            "hubbub_lines_committing", .gauge, "Lines on their way to the store.",
            server.history.commits.count)
        single(
            "hubbub_lines_repeated_total", .counter,
            "Lines that were sent again with their id, and not posted twice.",
            metrics.repeatedLines)
        single(
            "hubbub_recent_ids", .gauge, "Ids that are kept to recognise repeated lines.",
            server.hub.sends.count)
        family(
            "hubbub_resumes_total", "Joins with `after`, by whether all missed lines followed.",
            label: "recovered", [("true", metrics.resumed), ("false", metrics.notResumed)])
        single(
            "hubbub_gaps_total", .counter, "Times that a client was told that it missed lines.",
            metrics.gaps)
    }

    private mutating func writeStore(_ store: StoreMetrics) {
        single(
            "hubbub_store_lines_total", .counter, "Lines of all groups that were committed.",
            store.linesStored)
        single(
            "hubbub_store_groups_total", .counter, "Groups of lines that were committed.",
            store.groups)
        single(
            "hubbub_store_failed_groups_total", .counter,
            "Groups of lines that were refused because the store failed.", store.failedGroups)
        single(
            "hubbub_store_pruned_lines_total", .counter,
            "Lines that were deleted because of their age, number or bytes.", store.linesPruned)
        seconds(
            "hubbub_store_commit_seconds_total", .counter,
            "Total time from the start of a group's transaction to the end of its commit.",
            store.commitNanoseconds)
        seconds(
            "hubbub_store_last_commit_seconds", .gauge, "The same for the last group.",
            store.lastCommitNanoseconds)
        single(
            "hubbub_store_bytes", .gauge, "Bytes of the store's files, at most seconds old.",
            store.databaseBytes)
        single(
            "hubbub_store_wal_bytes", .gauge, "Bytes of them in the log of the last commits.",
            store.walBytes)
        single(
            "hubbub_store_used_bytes", .gauge,
            "Bytes of the database in use; the others are used again before it grows.",
            store.usedBytes)
        single(
            "hubbub_store_limit_bytes", .gauge,
            "Bytes in use above which the oldest lines of the largest rooms are deleted.",
            store.limitBytes)
        single(
            "hubbub_store_free_bytes", .gauge, "Bytes that are free on their file system.",
            store.freeBytes)
    }

    private mutating func writeTraffic<Net: Network & ~Copyable>(_ server: borrowing Server<Net>) {
        let metrics = server.metrics
        single(
            "hubbub_messages_received_total", .counter,
            "Text messages of all kinds received from clients.", metrics.messagesReceived)
        single(
            "hubbub_lines_received_total", .counter,
            "Lines received from clients, whether refused or not.", metrics.linesReceived)
        single(
            "hubbub_lines_delivered_total", .counter,
            "Lines given to the kernel completely, once for each receiving client.",
            metrics.linesDelivered)
        family(
            "hubbub_refusals_total", "Commands refused, by error code.", label: "code",
            metrics.refusals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        single(
            "hubbub_received_bytes_total", .counter, "Bytes received from clients.",
            metrics.bytesReceived)
        single(
            "hubbub_sent_bytes_total", .counter, "Bytes handed to the kernel.", metrics.bytesSent)
        single(
            "hubbub_waiting_bytes", .gauge,
            "Bytes that wait in outbound rings, each shared chunk counted once.",
            server.outbox.pool.waitingBytes)
        single(
            "hubbub_buffer_bytes", .gauge,
            "Bytes that count for the buffer budget.", server.accountedBytes)
        single(
            "hubbub_buffer_budget_bytes", .gauge, "The buffer budget.", server.limits.bufferBudget)
        single(
            "hubbub_compression_contexts", .gauge,
            "Connections with a context for compressed messages.",
            server.connections.contexts.count)
        single(
            "hubbub_compression_context_bytes", .gauge,
            "Bytes that these contexts take.", server.connections.contexts.bytes)
        single(
            "hubbub_compression_promised_bytes", .gauge,
            "The most bytes that contexts of open connections may take.",
            server.connections.contexts.promisedBytes)
        single(
            "hubbub_cost_units_total", .counter,
            "Units of work that connections have asked for and that count.",
            server.allowances.costs.total)
        single(
            "hubbub_debts_total", .counter,
            "Times that a connection asked for more work than it may and wasn't read for a while.",
            server.allowances.costs.debts)
        single(
            "hubbub_turns_postponed_total", .counter,
            "Turns of busy connections that had to wait for a later tick.",
            server.allowances.turns.postponed)
        single(
            "hubbub_laggards", .gauge, "Connections whose socket takes no bytes now.",
            server.connections.blocked)
        single(
            "hubbub_laggards_closed_total", .counter, "Connections closed for being too slow.",
            metrics.laggardsClosed)
    }
}
