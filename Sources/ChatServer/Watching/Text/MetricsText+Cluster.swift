internal import Chat

/// What `GET /metrics` says about a cluster, if the daemon is a node of one.
extension MetricsText {
    mutating func writeCluster(_ report: ClusterReport, elsewhere: Int) {
        metric("hubbub_cluster_info", .gauge, "The name of this node; always 1.")
        sample("hubbub_cluster_info", [("node", report.node)], "1")
        single(
            "hubbub_members_elsewhere", .gauge,
            "Members that rooms of this node have on other nodes.", elsewhere)
        metric("hubbub_cluster_shard_ready", .gauge, "1 while a shard takes lines.")
        for (shard, each) in numbered(report) {
            sample("hubbub_cluster_shard_ready", shard, each.isReady ? "1" : "0")
        }
        counter(
            "hubbub_cluster_connections_total", "Times that a shard has accepted this node.",
            report, \.connections)
        counter(
            "hubbub_cluster_epoch_changes_total",
            "Times that a shard's epoch changed: it has lost data, or has other data.", report,
            \.epochChanges)
        metric(
            "hubbub_cluster_repairs_total", .counter,
            "Lost messages of a shard that were read again, by what told that one was missing.")
        for (shard, each) in numbered(report) {
            let counts = each.counts
            for (sign, count) in [("entry", counts.repairs), ("beat", counts.lateRepairs)] {
                sample("hubbub_cluster_repairs_total", shard + [("noticed", sign)], "\(count)")
            }
        }
        counter(
            "hubbub_cluster_openings_total", "Rooms whose state was read from a shard.", report,
            \.openings)
        counter(
            "hubbub_cluster_appends_total", "Groups of lines of a room that were sent to a shard.",
            report, \.appends)
        counter(
            "hubbub_cluster_lost_answers_total",
            "Those whose answer was lost. They are sent again, and not stored twice.", report,
            \.lostAnswers)
        metric(
            "hubbub_cluster_round_trip_seconds", .histogram,
            "Time from a question to a shard, twice a second, to its answer.")
        for (shard, each) in numbered(report) {
            durations("hubbub_cluster_round_trip_seconds", shard, each.roundTrips)
        }
    }

    private mutating func counter(
        _ name: String, _ help: String, _ report: ClusterReport, _ count: KeyPath<ShardCounts, Int>
    ) {
        metric(name, .counter, help)
        for (shard, each) in numbered(report) {
            sample(name, shard, "\(each.counts[keyPath: count])")
        }
    }

    /// The shards with their labels: the first one is 1.
    private func numbered(
        _ report: ClusterReport
    ) -> [(labels: [(name: String, value: String)], shard: ClusterReport.Shard)] {
        report.shards.enumerated().map { ([("shard", "\($0 + 1)")], $1) }
    }
}
