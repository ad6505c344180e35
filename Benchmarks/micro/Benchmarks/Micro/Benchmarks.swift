internal import Benchmark
internal import Reactor

/// Each measurement is of a thousand operations (`kilo`) or of one, as its name says.
let benchmarks: @Sendable () -> Void = {
    measureProtocol()
    measureText()
    measureFilters()
    measureBans()
    measureTables()
    measureRooms()
}

/// The configuration of the measurements. Instructions are reliable if the machine counts them.
/// Time is not on a shared machine, so it may be four times as long. A sample of the largest room
/// takes so long that other work often interferes. `tolerance` is the allowed excess in percent.
func configuration(
    _ scale: BenchmarkScalingFactor = .kilo, tolerance: Double = 300
) -> Benchmark.Configuration {
    Benchmark.Configuration(
        metrics: [.wallClock, .instructions], timeUnits: .nanoseconds, warmupIterations: 10,
        scalingFactor: scale, maxDuration: .milliseconds(500), maxIterations: 1_000,
        thresholds: [
            .wallClock: BenchmarkThresholds(relative: [.p90: tolerance]),
            .instructions: BenchmarkThresholds(relative: [.p90: 5]),
        ])
}

/// A line to all members of a room, one at a time.
private func measureRooms() {
    for members in [1_000, 100_000] {
        Benchmark(
            "fan-out-\(members)",
            configuration: configuration(.one, tolerance: members > 1_000 ? 1_000 : 300)
        ) { benchmark, room in
            for _ in benchmark.scaledIterations { try room.sayLine() }
        } setup: {
            try CrowdedRoom(members: members)
        }
    }
    Benchmark(
        "ring-append-flush-1000", configuration: configuration(.one)
    ) { benchmark, room in
        for _ in benchmark.scaledIterations { try room.sayLineToSlowClients() }
    } setup: {
        try CrowdedRoom(members: 1_000)
    }
}
