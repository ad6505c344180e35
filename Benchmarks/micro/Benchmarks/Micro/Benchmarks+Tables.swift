internal import Benchmark
internal import Reactor

/// Deadlines and slots of connections, 100 000 of them.
func measureTables() {
    Benchmark("timer-wheel", configuration: configuration()) {
        benchmark in
        var wheel = TimerWheel(now: CoarseTime(steps: 0))
        var due: [Int] = []
        for index in benchmark.scaledIterations {
            wheel.schedule(index, at: CoarseTime(steps: UInt32(1 + index % 100)))
        }
        wheel.advance(to: CoarseTime(steps: 100), due: &due)
        precondition(due.count == benchmark.scaledIterations.count)
    }
    Benchmark("connection-table-take-free", configuration: configuration()) {
        benchmark in
        var table = SlotTable<Entry>(capacity: connections)
        for number in benchmark.scaledIterations { blackHole(table.insert(Entry(number: number))) }
        for index in benchmark.scaledIterations { blackHole(table.remove(at: index).number) }
    }
    Benchmark("connection-table-look-up", configuration: configuration()) {
        benchmark, table in
        for number in benchmark.scaledIterations {
            let token = table.tokens[number * 97 % connections]
            precondition(table.slots.contains(token))
            blackHole(table.slots[token.index].number)
        }
    } setup: {
        FullTable()
    }
}

private let connections = 100_000

private struct Entry: Slot, ~Copyable {
    var number: Int

    static func vacant() -> Entry { Entry(number: 0) }
}
