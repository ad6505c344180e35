import Chat
import Foundation
import Reactor
import Redis
import TestSupport
import Testing

@testable import ChatCluster

/// Figures of the script that appends lines, for a machine at rest:
/// `HUBBUB_FIGURES=1 swift test -c release -Xswiftc -enable-testing --filter AppendFigures`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HUBBUB_FIGURES"] == "1"))
struct AppendFigures {
    @Test(arguments: [1, 16, 256], [false, true])
    func `lines a second, pipelined`(lines: Int, hasKeys: Bool) throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        let text = String(repeating: "x", count: 40)
        let count = 65_536 / lines
        var number = 0
        let commands = (0..<count).map { _ in
            let drafts = (0..<lines).map { _ in
                number += 1
                return Draft.sample(text, key: hasKeys ? "key-\(number)" : nil)
            }
            return probe.append(drafts, in: epoch)
        }
        let start = RedisLoop.now
        var sent = 0
        for received in 0..<count {
            while sent < count, sent - received < 16 {
                probe.send(commands[sent], compares: sent % 64 == 0)
                sent += 1
            }
            _ = try probe.value()
        }
        let seconds = Double(RedisLoop.now.nanoseconds - start.nanoseconds) / 1e9
        let used = try probe.redis("INFO", "cpu").text ?? ""
        let cpu = used.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("used_cpu_") }
        print(
            "\(lines) lines a script, keys \(hasKeys): \(Int(Double(count * lines) / seconds))",
            "lines/s; \(cpu.prefix(2).joined(separator: " "))")
        guard hasKeys else { return }
        let keys = try probe.redis("KEYS", "hubbub:send:*").elements ?? []
        let sizes = try keys.prefix(100).compactMap { key -> Int64? in
            probe.send(key)
            return try probe.value().number
        }
        let stream = try probe.redis("MEMORY", "USAGE", "hubbub:room:lobby", "SAMPLES", "0").number
        print(
            "a key takes \(sizes.reduce(0, +) / Int64(max(sizes.count, 1))) bytes,",
            "and a line \((stream ?? 0) / 65_536)")
    }
}

extension ShardProbe {
    /// Asks how much memory a key takes.
    fileprivate func send(_ key: RedisValue) {
        var request = RedisRequest("MEMORY", "USAGE")
        request.append(key.bytes ?? [])
        send(request)
    }
}
