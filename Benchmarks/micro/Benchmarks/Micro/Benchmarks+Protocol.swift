internal import Benchmark
internal import WebSocket

/// Frames in and out, and the opening handshake.
func measureProtocol() {
    Benchmark("frame-parse", configuration: configuration()) { benchmark in
        receive(Example.masked(Example.plainLine), benchmark)
    }
    Benchmark("frame-unmask-64KiB", configuration: configuration(.one)) { benchmark in
        receive(Example.masked(String(repeating: "x", count: 65_536), .binary), benchmark)
    }
    Benchmark("frame-utf8-4KiB", configuration: configuration(.one)) { benchmark in
        receive(Example.masked(Example.cyrillic), benchmark)
    }
    Benchmark("frame-encode", configuration: configuration()) { benchmark in
        let line = Array(Example.plainLine.utf8)
        var output: [UInt8] = []
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            output.removeAll(keepingCapacity: true)
            FrameEncoder.append(.text, line.span, to: &output)
        }
        blackHole(output)
    }
    Benchmark("handshake", configuration: configuration(.one)) { benchmark in
        let (request, policy) = (Example.request, HandshakePolicy(subprotocols: ["hubbub.v1"]))
        var response: [UInt8] = []
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            var progress = HeadProgress()
            response.removeAll(keepingCapacity: true)
            guard
                let head = try RequestHead.parse(
                    request.span, progress: &progress, limits: HeadLimits())
            else { preconditionFailure("the request is complete") }
            try OpeningHandshake.negotiate(head, in: request.span, policy: policy)
                .writeResponse(policy: policy, into: &response)
        }
        blackHole(response)
    }
}

/// Receives a frame repeatedly, each time from a fresh copy, because a frame is unmasked in place.
private func receive(_ frame: [UInt8], _ benchmark: Benchmark) {
    let rules = FrameRules(role: .server)
    var session = Session()
    var input = frame
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
        for index in frame.indices { input[index] = frame[index] }
        var span = input.mutableSpan
        var offset = 0
        guard case .message? = try? session.next(in: &span, from: &offset, rules: rules) else {
            preconditionFailure("the frame is a whole message")
        }
    }
    blackHole(input)
}
