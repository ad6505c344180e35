internal import Benchmark
internal import Chat

/// Somebody who isn't banned joins, while there are a million bans of all kinds, or none. A line
/// looks at no ban.
func measureBans() {
    for (name, count) in [("none", 0), ("million", 1_000_000)] {
        Benchmark("join-bans-\(name)", configuration: configuration()) { benchmark, bans in
            for _ in benchmark.scaledIterations { blackHole(bans.meetNext() == nil) }
        } setup: {
            ManyBans(count)
        }
    }
}
