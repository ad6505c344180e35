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
        var table = SlotTable<TableEntry>(capacity: FullTable.capacity)
        for number in benchmark.scaledIterations {
            blackHole(table.insert(TableEntry(number: number)))
        }
        for index in benchmark.scaledIterations { blackHole(table.remove(at: index).number) }
    }
    Benchmark("connection-table-look-up", configuration: configuration()) {
        benchmark, table in
        for number in benchmark.scaledIterations {
            let token = table.tokens[number * 97 % FullTable.capacity]
            precondition(table.slots.contains(token))
            blackHole(table.slots[token.index].number)
        }
    } setup: {
        FullTable()
    }
}
