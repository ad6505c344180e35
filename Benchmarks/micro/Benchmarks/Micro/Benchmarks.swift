internal import Benchmark
internal import Reactor

/// Each measurement is of a thousand (`kilo`) or of one of what its name says.
let benchmarks: @Sendable () -> Void = {
    measureProtocol()
    measureText()
    measureTables()
    measureRooms()
}

/// How each is measured. Instructions tell, where the machine counts them; time tells little on a
/// machine that others use, too, so it may be four times as long. A sample of the largest room is
/// so long that others often come in between. `tolerance` is what it may take more, in percent.
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

/// A line to everybody in a room, one at a time.
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
