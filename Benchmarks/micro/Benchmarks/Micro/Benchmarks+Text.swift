internal import Benchmark
internal import Chat

/// JSON in and out.
func measureText() {
    Benchmark("json-in-plain-line", configuration: configuration()) { benchmark in
        let text = Array(Example.plainLine.utf8)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try PlainMessage.parse(text.span)) }
    }
    for (name, text) in [("rich-line", Example.richLine), ("join", Example.join)] {
        Benchmark("json-in-\(name)", configuration: configuration()) { benchmark in
            let text = Array(text.utf8)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { blackHole(Command.parse(text.span)) }
        }
    }
    let time = Timestamp(milliseconds: 1_800_000_000_123)
    Benchmark("json-out-line", configuration: configuration()) { benchmark in
        var output: [UInt8] = []
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            output.removeAll(keepingCapacity: true)
            EventWriter.line(
                room: .lobby, seq: 42, time: time, username: "ann",
                message: "Hello everybody, can you hear me well today?", into: &output)
        }
        blackHole(output)
    }
    Benchmark("json-out-ack", configuration: configuration()) { benchmark in
        var output: [UInt8] = []
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            output.removeAll(keepingCapacity: true)
            EventWriter.ack(id: "5f0c6b1e", room: .lobby, seq: 42, time: time, into: &output)
        }
        blackHole(output)
    }
}
