import Chat
import Foundation
import Testing

@testable import hubbub

@Suite final class LineReaderTests {
    private let path = NSTemporaryDirectory() + "lines-\(UUID().uuidString)"
    private var reports: [String] = []

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private static func record(_ message: String, room: String = "lobby") -> String {
        #"{"room":"\#(room)","time":"2026-01-31T12:00:00Z","username":"ann","#
            + #""message":"\#(message)"}"#
    }

    private func read(_ text: String, room: RoomName? = nil) throws -> [Draft] {
        try Data(text.utf8).write(to: URL(filePath: path))
        var reader = try LineReader(path, room: room, limits: ChatLimits()) { [self] in
            reports.append($0)
        }
        var drafts: [Draft] = []
        while let next = try reader.next() { drafts += next }
        return drafts
    }

    @Test func `all lines come in order, whatever ends them`() throws {
        let texts = (1...2_000).map { "\($0)" }
        let lines = texts.map { Self.record($0) }
        #expect(try read(lines.joined(separator: "\n")).map(\.message) == texts)
        #expect(try read(lines.joined(separator: "\r\n") + "\n\n").map(\.message) == texts)
        #expect(try read("\u{FEFF}" + lines[0]).map(\.message) == ["1"])
        #expect(try read("").isEmpty)
    }

    @Test func `a room for all goes before their own`() throws {
        let room = try #require(RoomName("x"))
        #expect(try read(Self.record("a"), room: room).map(\.room) == [room])
    }

    @Test func `each wrong line is named, and then none is handed over`() throws {
        let long = String(repeating: "x", count: 2_001)
        let text = [
            Self.record("1"), Self.record(" "), Self.record("2"), Self.record(long), "{", "",
            Self.record("3", room: "No Room"),
        ].joined(separator: "\n")
        let complaint = try #require(throws: Complaint.self) { try read(text) }
        #expect(complaint.status == .data && complaint.text.contains("4 of 6 lines"))
        #expect(
            zip([2, 4, 5, 7], reports).allSatisfy { $1.hasPrefix("\(path):\($0): ") }, "\(reports)")
        #expect(reports.count == 4)
    }

    @Test func `only the first wrong lines are named`() throws {
        let text = String(repeating: "x\n", count: 1_000)
        #expect(throws: Complaint.self) { try read(text) }
        #expect(reports.count == 21 && reports.last == "… and 980 more")
    }

    @Test func `a line without end is not kept`() throws {
        let text = String(repeating: "x", count: LineFile.lineLimit * 3) + "\n" + Self.record("1")
        #expect(throws: Complaint.self) { try read(text) }
        #expect(reports.count == 1 && reports.first?.contains(":1: It is longer") ?? false)
    }
}
