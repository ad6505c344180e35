import ChatServer
import Foundation
import Testing

@testable import hubbub

/// The files for the kernel and the unit, and what `hubbub doctor` asks for.
@Suite struct SysctlTests {
    private static func file(_ name: String) throws -> [Substring] {
        let ops = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../scripts/ops/\(name)")
        return try String(contentsOf: ops, encoding: .utf8).split(separator: "\n")
    }

    /// The assignments in the file. Those that are only advice stand in comments without a space.
    private static func values() throws -> [String: String] {
        let lines = try file("hubbub.sysctl.conf").filter {
            $0.contains("=") && !$0.hasPrefix("# ")
        }
        let pairs = lines.map { $0.drop { $0 == "#" }.split(separator: "=").map(String.init) }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }

    /// The assignments that the doctor advises on a host that has too little of everything.
    private static func advised() -> [String: String] {
        let nothing = HostFacts(
            descriptors: 1, descriptorCeiling: 1, memory: 4 << 30, openFiles: 1, acceptQueue: 1,
            synQueue: 1, tcpPages: 1, ports: 1...1, trackedConnections: 1)
        let checks = HostCheck.all(of: nothing, connections: 100_000, processes: 1)
        var advised: [String: String] = [:]
        for remedy in checks.map(\.remedy) where remedy.hasPrefix("sysctl -w ") {
            let words = remedy.dropFirst("sysctl -w ".count)
            guard let equals = words.firstIndex(of: "=") else { continue }
            let isQuoted = words[equals...].dropFirst().first == "'"
            let value = words[equals...].dropFirst(isQuoted ? 2 : 1)
                .prefix { isQuoted ? $0 != "'" : $0 != "," && $0 != " " }
            advised[String(words[..<equals])] = String(value)
        }
        return advised
    }

    @Test func `the file has what the doctor advises for 100 000 connections`() throws {
        let values = try Self.values()
        #expect(values.count == 6)
        #expect(values == Self.advised())
    }

    @Test func `the unit has descriptors for 100 000 connections`() throws {
        let limit = try Self.file("hubbub.service").first { $0.hasPrefix("LimitNOFILE=") }
        #expect(limit == "LimitNOFILE=\(100_000 + Limits.reservedDescriptors)")
    }
}
