import Foundation
import Identity
import Testing

@testable import hubbub

@Suite final class RevocationFileTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "revocations-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private var path: String { "\(directory)/\(RevocationFile.fileName)" }

    private static let some: [Revocation] = [
        .all(issuedBefore: 7), .user("a\n\"é", issuedBefore: 5), .token(jti: "t/1"),
    ]

    @Test func `revocations outlive the daemon`() throws {
        let file = try RevocationFile(in: directory)
        #expect(file.all.all == [])
        for revocation in Self.some { try file.add(revocation) }
        #expect(file.all.all == Self.some)
        #expect(try RevocationFile(in: directory).all.all == Self.some)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
    }

    @Test func `a line that was cut off is dropped`() throws {
        let whole = Self.some.map { RevocationText.line($0) + "\n" }.joined()
        for end in 0..<whole.utf8.count {
            let text = String(decoding: whole.utf8.prefix(end), as: UTF8.self)
            try Data(text.utf8).write(to: URL(filePath: path))
            let lines = text.count { $0 == "\n" }
            let file = try RevocationFile(in: directory)
            #expect(file.all.count + (lines > 0 ? 1 : 0) == lines)
            try file.add(.token(jti: "new"))
            #expect(try RevocationFile(in: directory).all.all == file.all.all)
        }
    }

    @Test func `several that say the same become one`() throws {
        let file = try RevocationFile(in: directory)
        for time in 1...50 { try file.add(.user("u", issuedBefore: Int64(time))) }
        _ = try RevocationFile(in: directory)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == RevocationText.line(.user("u", issuedBefore: 50)) + "\n")
    }

    @Test(arguments: [
        "x", "{}", #"{"sub":"u"}"#, #"{"jti":"t","issued_before":1}"#, #"{"sub":""}"#, "[]",
    ])
    func `a damaged line is named`(line: String) throws {
        try Data("\(RevocationText.line(.token(jti: "t")))\n\(line)\n".utf8)
            .write(to: URL(filePath: path))
        let complaint = #expect(throws: Complaint.self) { try RevocationFile(in: directory) }
        #expect(complaint?.text.contains("\(path):2: ") ?? false)
    }
}
