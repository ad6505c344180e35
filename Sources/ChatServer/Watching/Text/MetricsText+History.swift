internal import Chat

/// What `GET /metrics` says about stored lines.
extension MetricsText {
    mutating func writeHistory(_ figures: Figures) {
        let (metrics, history) = (figures.counts, figures.history)
        single(
            "hubbub_history_ready", .gauge,
            "1 while lines can be stored, 0 while they can't; 1 with --history none.",
            history.isReady ? 1 : 0)
        single(
            "hubbub_history_failures_total", .counter,
            "Times that storing lines began to fail.", metrics.storeFailures)
        single(
            "hubbub_lines_stored_total", .counter, "Lines that are stored.", metrics.linesStored)
        single(
            "hubbub_lines_committing", .gauge, "Lines on their way to the store.",
            history.committing)
        single(
            "hubbub_lines_repeated_total", .counter,
            "Lines that were sent again with their id, and not posted twice.",
            metrics.repeatedLines)
        single(
            "hubbub_recent_ids", .gauge, "Ids that are kept to recognise repeated lines.",
            history.recentIDs)
        family(
            "hubbub_resumes_total", "Joins with `after`, by whether all missed lines followed.",
            label: "recovered", [("true", metrics.resumed), ("false", metrics.notResumed)])
        single(
            "hubbub_gaps_total", .counter, "Times that a client was told that it missed lines.",
            metrics.gaps)
    }

    mutating func writeStore(_ store: StoreMetrics) {
        single(
            "hubbub_store_lines_total", .counter, "Lines of all groups that were committed.",
            store.linesStored)
        single(
            "hubbub_store_groups_total", .counter, "Groups of lines that were committed.",
            store.groups)
        single(
            "hubbub_store_failed_groups_total", .counter,
            "Groups of lines that were refused because the store failed.", store.failedGroups)
        histogram(
            "hubbub_store_commit_duration_seconds",
            "Time from the start of a group's transaction to the end of its commit.",
            store.commits)
        seconds(
            "hubbub_store_last_commit_seconds", .gauge, "The same for the last group.",
            store.lastCommitNanoseconds)
    }

    /// What only a store with files of its own has.
    mutating func writeFiles(_ store: StoreMetrics) {
        single(
            "hubbub_store_pruned_lines_total", .counter,
            "Lines that were deleted because of their age, number or bytes.", store.linesPruned)
        let oldest = "hubbub_store_oldest_line_timestamp_seconds"
        metric(oldest, .gauge, "When the oldest line was said; missing if there is none.")
        if let line = store.oldestLine { sample(oldest, [], Self.seconds(line)) }
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
}
