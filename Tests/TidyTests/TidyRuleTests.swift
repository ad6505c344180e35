import Testing

/// Each rule must be able to fail: it is tried on a breach and on its tidy counterpart.
@Suite struct TidyRuleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let rule: TidyRule
        let path: String
        let text: String
        /// The numbers of the lines that the rule finds.
        let lines: [Int]

        var testDescription: String { "\(rule): \(text.prefix(40).debugDescription)" }
    }

    private static let swift = "Sources/Chat/Example.swift"

    @Test(arguments: [
        Example(rule: .longLine, path: swift, text: "\(wide)\n\(wide)x\n", lines: [2]),
        Example(rule: .longLine, path: swift, text: "// https://\(wide)\n", lines: [1]),
        Example(rule: .longLine, path: swift, text: "let url = \"https://\(wide)\"\n", lines: []),
        Example(rule: .longLine, path: swift, text: "// \(umlauts)\n", lines: []),
        Example(rule: .longLine, path: "README.md", text: "\(wide)x\n", lines: []),
        Example(rule: .longFile, path: swift, text: lines(250), lines: []),
        Example(rule: .longFile, path: swift, text: lines(251), lines: [251]),
        Example(
            rule: .trailingSpace, path: "README.md", text: "a\nb \n\nc\t\nd\r\n", lines: [2, 4, 5]),
        Example(rule: .tab, path: swift, text: "\tlet a = 1\n", lines: [1]),
        Example(rule: .tab, path: "Makefile", text: "\tmake\n", lines: []),
        Example(rule: .finalNewline, path: swift, text: "a\nb", lines: [2]),
        Example(rule: .finalNewline, path: swift, text: "a\nb\n", lines: []),
        Example(rule: .deferredWork, path: swift, text: "// TODO: later\n", lines: [1]),
        Example(rule: .deferredWork, path: "a.py", text: "a = 1  # FIXME\n# XXX\n", lines: [1, 2]),
        Example(rule: .deferredWork, path: swift, text: "// HACKS, XXXL, my_TODO\n", lines: []),
        Example(rule: .trap, path: swift, text: "let a = try! b()\nfatalError()\n", lines: [1, 2]),
        Example(
            rule: .trap, path: swift, text: "// a try! in words\nlet a = try? b()\n", lines: []),
        Example(
            rule: .textAsString, path: swift,
            text: "var a: [String: Int]\nlet b = Set<String>()\nhasher.combine(username)\n",
            lines: [1, 2, 3]),
        Example(
            rule: .textAsString, path: swift,
            text: "if old == username {\nif a.message == b {\nif key == nil {\n// old == key\n",
            lines: [1, 2]),
        Example(
            rule: .textAsString, path: swift, text: "if ByteText(old) == ByteText(username) {\n",
            lines: []),
        Example(
            rule: .textAsString, path: "Sources/Console/a.swift", text: "[String: Int]\n",
            lines: []),
        Example(rule: .sleepInTest, path: "Tests/a.py", text: "a\ntime.sleep(1)\n", lines: [2]),
        Example(rule: .sleepInTest, path: "Sources/a.py", text: "time.sleep(1)\n", lines: []),
    ])
    func `the rule finds these lines and no others`(_ example: Example) {
        let file = SourceFile(path: example.path, text: example.text)
        #expect(example.rule.findings(in: file).map(\.line) == example.lines)
    }

    @Test(arguments: [
        ("let a = unsafe b[0]", true),
        ("@unsafe func a() {}", true),
        ("nonisolated(unsafe) var a = 1", true),
        ("a.withUnsafeBytes { $0.count }", true),
        ("let a: UnsafeMutableRawBufferPointer", true),
        ("/// This is unsafe to call.", false),
        ("a()  // not unsafe here", false),
        ("let unsafely = 1", false),
        (".strictMemorySafety()", false),
    ])
    func `unsafe code is found only outside the fence`(text: String, found: Bool) {
        let rule = TidyRule.unsafeOutsideFence
        #expect(rule.findings(in: SourceFile(path: Self.swift, text: text)).isEmpty != found)
        #expect(rule.findings(in: SourceFile(path: UnsafeFence.files[0], text: text)).isEmpty)
    }

    @Test func `the fence reports what a listed file lacks`() {
        let good = "// Invariant: the index is below the count.\nlet a = unsafe b[0]\n"
        #expect(UnsafeFence.problem(of: "a", text: good) == nil)
        for bad in [nil, "// Invariant: none.\n", "let a = unsafe b[0]\n"] {
            #expect(UnsafeFence.problem(of: "a", text: bad) != nil)
        }
    }

    @Test(arguments: [
        ("Sources/Chat/A.swift", "import WebSocket", true),
        ("Sources/Chat/A.swift", "internal import Foundation", true),
        ("Sources/WebSocket/A.swift", "public import Glibc", true),
        ("Sources/WebSocket/A.swift", "internal import COpenSSL", false),
        ("Sources/Reactor/A.swift", "@preconcurrency internal import Chat", true),
        ("Sources/Reactor/A.swift", "internal import Glibc", false),
        ("Sources/ChatServer/A.swift", "import struct CLinux.Event", true),
        ("Sources/ChatServer/A.swift", "public import Reactor", false),
        ("Sources/hubbub/A.swift", "import WebSocket", true),
        ("Sources/hubbub/A.swift", "import ChatServer", false),
        ("Benchmarks/hubbub-load/A.swift", "import ChatServer", true),
        ("Tests/ChatTests/A.swift", "@testable import Chat", false),
        ("Sources/Chat/A.swift", "// import WebSocket", false),
    ])
    func `imports follow the map`(path: String, text: String, found: Bool) {
        let file = SourceFile(path: path, text: text)
        #expect(TidyRule.importDirection.findings(in: file).isEmpty != found)
    }

    @Test(arguments: [
        ("struct Room {", "Room", true),
        ("package struct Room: ~Copyable {", "Room", true),
        ("public final class Room<Member>: Sendable {", "Room", true),
        ("@main struct Room: ParsableCommand {", "Room", true),
        ("@Suite(.serialized, .tags(.slow)) struct Room {", "Room", true),
        ("indirect enum Room { case a }  // of one line", "Room", true),
        ("public protocol Room: AnyObject {", "Room", true),
        ("actor Room {", "Room", true),
        ("fileprivate enum Room {", "Room", false),
        ("private final class Room {", "Room", false),
    ])
    func `a type's declaration is understood`(line: String, name: Substring, isShared: Bool) {
        #expect(TypeDeclaration(in: line[...]) == TypeDeclaration(name: name, isShared: isShared))
    }

    @Test(arguments: [
        "", "    struct Nested {", "extension Room {", "// struct Room {", "let structure = 1",
        "private let room = Room()", "classify(room)", "}", "@testable import Chat",
        "func actor() {",
    ])
    func `other lines don't declare a type`(line: String) {
        #expect(TypeDeclaration(in: line[...]) == nil)
    }

    @Test(arguments: [
        ("Sources/Chat/Hub/Room.swift", true),
        ("Sources/Chat/Hub/Room+Lines.swift", true),
        ("Sources/Chat/Hub/RoomName.swift", false),
        ("Sources/Chat/Hub/Hub+Room.swift", false),
        ("Sources/Chat/Room/Hub.swift", false),
        ("Benchmarks/peers/nio/Hub.swift", true),
        ("Sources/Chat/Room.md", true),
    ])
    func `a type's file is named after it`(path: String, tidy: Bool) {
        let file = SourceFile(path: path, text: "/// One.\nstruct Room {\n    enum Phase {}\n}\n")
        #expect(TidyRule.misplacedType.findings(in: file).map(\.line) == (tidy ? [] : [2]))
    }

    @Test func `a folder has a limit of Swift files`() {
        func files(_ count: Int, in folder: String, ext: String = "swift") -> [SourceFile] {
            (0..<count).map { SourceFile(path: "\(folder)/\($0).\(ext)", text: "") }
        }
        let tidy =
            files(15, in: "Sources/Chat") + files(15, in: "Sources/Chat/Hub")
            + files(16, in: "Sources/Chat/Pages", ext: "js") + files(16, in: "Elsewhere")
        #expect(FolderRule.findings(in: tidy, except: []).isEmpty)
        for folder in ["Sources/Chat", "Tests/ChatTests/Hub", "Benchmarks/micro"] {
            let untidy = tidy.filter { !$0.path.hasPrefix(folder) } + files(16, in: folder)
            #expect(FolderRule.findings(in: untidy, except: []).map(\.path) == [folder])
            let exception = TidyException(path: folder, reason: "a test")
            #expect(FolderRule.findings(in: untidy, except: [exception]).isEmpty)
        }
    }

    @Test func `a finding names the file, the line and the problem`() {
        let finding = Finding(path: "Sources/A.swift", line: 7, problem: "a tab")
        #expect(finding.description == "Sources/A.swift:7: a tab")
    }

    private static let wide = String(repeating: "x", count: 100)
    private static let umlauts = String(repeating: "ü", count: 90)

    private static func lines(_ count: Int) -> String {
        String(repeating: "a\n", count: count)
    }
}
