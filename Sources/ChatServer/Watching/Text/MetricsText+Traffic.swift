/// What `GET /metrics` says about messages, bytes and work.
extension MetricsText {
    mutating func writeTraffic(_ figures: Figures) {
        let metrics = figures.counts
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
            "hubbub_cost_units_total", .counter,
            "Units of work that connections have asked for and that count.", figures.work.units)
        single(
            "hubbub_debts_total", .counter,
            "Times that a connection asked for more work than it may and wasn't read for a while.",
            figures.work.debts)
        single(
            "hubbub_turns_postponed_total", .counter,
            "Turns of busy connections that had to wait for a later tick.", figures.work.postponed)
    }

    mutating func writeMemory(_ figures: Figures) {
        single(
            "hubbub_waiting_bytes", .gauge,
            "Bytes that wait in outbound rings, each shared chunk counted once.",
            figures.waitingBytes)
        single(
            "hubbub_buffer_bytes", .gauge, "Bytes that count for the buffer budget.",
            figures.memoryBytes)
        single(
            "hubbub_buffer_budget_bytes", .gauge, "The buffer budget.", figures.memoryBudget)
        levels(
            "hubbub_memory_bytes", "The bytes that count for the buffer budget, by kind.",
            label: "kind", figures.memory.map { ($0.kind.rawValue, $0.bytes) })
        single(
            "hubbub_compression_contexts", .gauge,
            "Connections with a context for compressed messages.", figures.compression.contexts)
        single(
            "hubbub_compression_context_bytes", .gauge, "Bytes that these contexts take.",
            figures.memory.first { $0.kind == .compression }?.bytes ?? 0)
        single(
            "hubbub_compression_promised_bytes", .gauge,
            "The most bytes that contexts of open connections may take.",
            figures.compression.promisedBytes)
    }
}
