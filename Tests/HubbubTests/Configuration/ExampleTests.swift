import ArgumentParser
import ChatServer
import Foundation
import Testing

@testable import hubbub

/// The example of a configuration file tells the truth.
@Suite struct ExampleTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scripts/ops/hubbub.yaml")

    @Test func `the file is what hubbub config example prints`() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(text == ExampleText.text, "run: hubbub config example >scripts/ops/hubbub.yaml")
    }

    @Test func `it sets nothing`() throws {
        let reading = FileReading(ExampleText.text)
        #expect(try reading.lines() == [])
        #expect(Schema.nodes.allSatisfy { !reading.values.has($0.key) })
    }

    @Test func `with all comments removed, it is valid and has each key`() throws {
        let reading = FileReading(ExampleText.uncommented(ExampleText.text))
        // Nothing but the certificates and the keys, which this machine doesn't have, is wrong.
        #expect(reading.faults.lines == [])
        let lines = try reading.lines()
        #expect(lines.count == 2)
        for fault in ["fullchain.pem: No such file", "api-keys: it can't be read"] {
            #expect(lines.contains { $0.contains(fault) }, "\(lines)")
        }
        for node in Schema.nodes where node.isShown {
            #expect(reading.values.has(node.key), "\(node.key)")
        }
    }

    private static func values(of serve: Serve) -> [[String]] {
        SettingSection.all(of: serve).flatMap(\.options).map { $0.givens.map(\.text) }
    }

    @Test func `no line is long`() {
        #expect(ExampleText.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `each default is right`() throws {
        let examples = Schema.nodes.filter { node in
            if case .text(let text) = node.kind { return !text.isDefault }
            return true
        }
        let lines = ExampleText.uncommented(ExampleText.text).split(separator: "\n")
        let defaults = lines.filter { line in
            !examples.contains { line.hasPrefix("\($0.key):") } && !line.hasPrefix(" ")
        }
        #expect(defaults.count == Schema.nodes.count - examples.count)
        let given = try FileReading(defaults.joined(separator: "\n")).settings()
        let usual = try FileReading("").settings()
        #expect(given.metadata == usual.metadata)
        #expect(given.port == usual.port)
        var limits = usual.limits
        // They depend on the machine's memory, or on whether the setting is there.
        limits.bufferBudget = Limits().bufferBudget
        limits.compressionBudget = Limits().compressionBudget
        limits.roomLogsGrow = false
        #expect(given.limits == limits)
    }

    @Test func `what is shown gives the same settings again`() throws {
        let text = "port: 81\nallow-origin: [https://a, 'null']\nclose-timeout: 500ms\nhost: ::1\n"
        let serve = try FileReading(text).serve(["--max-rooms", "4", "--reuse-port"])
        let shown = ConfigurationText(serve, file: FileValues()).yaml
        let again = FileReading(shown)
        let values = try again.within { Self.values(of: try Serve.parse([])) }
        #expect(values == Self.values(of: serve))
        #expect(shown.contains("port: 81                                # f:1\n"))
        #expect(shown.contains("max-rooms: 4                            # --max-rooms\n"))
        #expect(shown.contains("# max-head-bytes: 16KiB                 # default\n"))
    }
}
