/// A rule for the structure of the chat server: `Server` owns parts, each part is in a folder that
/// says where it belongs, and no part names its owner.
enum HouseRule: CaseIterable {
    case tooManyProperties
    case tooManyExtensions
    case partNamesServer
    case sendOutsideOutbox
    case stateChangedOutsideConnections
    case tableOutsideConnections
    case partsInCircle
    case strayFolder

    static let house = "Sources/ChatServer/"
    /// The number of stored properties of `Server`. Each is a part, or a value that all parts need.
    static let properties = 25
    /// The number of files that extend `Server`. They only pass values between parts.
    static let extensions = 29

    private static let folders: Set<String> = [
        "ChatServer.docc", "Dialects", "HTTP", "In", "Out", "Resources", "Rooms", "Settings",
        "Store", "Watching",
    ]
    private static let top: Set<String> = [
        "Clock.swift", "Daemon.swift", "Life.swift", "Server+Drain.swift", "Server.swift",
    ]
    /// Parts that share a folder with extensions of `Server`.
    private static let partsAmongExtensions: Set<String> = [
        "Clock.swift", "HTTP/Documents.swift", "Life.swift", "Store/CommitQueue.swift",
        "Store/History.swift", "Store/ReadQueue.swift",
    ]

    /// The breaches of the rule, among all files of the repository.
    func findings(in files: [SourceFile]) -> [Finding] {
        let files = files.filter { $0.path.hasPrefix(Self.house) }
        let sources = files.filter(\.isSwift)
        switch self {
        case .tooManyProperties: return Self.tooManyProperties(sources)
        case .tooManyExtensions: return Self.tooManyExtensions(sources)
        case .partNamesServer:
            return sources.filter { Self.isPart($0.place) }.flatMap { file in
                file.lines(saying: "a part names Server, which owns it") {
                    $0.containsWord("Server")
                }
            }
        case .sendOutsideOutbox:
            return sources.filter { !$0.place.hasPrefix("Out/Outbox") }.flatMap { file in
                file.lines(saying: "only the outbox sends") { $0.contains("network.send(") }
            }
        case .stateChangedOutsideConnections:
            return sources.filter {
                !$0.place.hasPrefix("In/Connection") && !$0.place.hasPrefix("In/Phases/")
            }.flatMap { file in
                file.lines(
                    saying: "only Connections changes a connection's phase and flags",
                    where: \.changesConnection)
            }
        case .tableOutsideConnections:
            return sources.filter { !$0.place.hasPrefix("In/Connections") }.flatMap { file in
                file.lines(saying: "only Connections sees the table") {
                    $0.containsMember("table")
                }
            }
        case .partsInCircle: return PartGraph(sources).findings
        case .strayFolder: return Self.strayFolders(files)
        }
    }

    private static func isPart(_ place: Substring) -> Bool {
        if partsAmongExtensions.contains(String(place)) { return true }
        if place.hasPrefix("In/") { return !place.hasPrefix("In/Server+") }
        return place.hasPrefix("Rooms/") || place.hasPrefix("Out/")
    }

    private static func tooManyProperties(_ files: [SourceFile]) -> [Finding] {
        guard let file = files.first(where: { $0.place == "Server.swift" }) else { return [] }
        let numbered = Array(zip(1..., file.lines))
        let body = numbered.drop { !$0.1.code.contains("struct Server<") }
            .prefix { !$0.1.isInitializer }
        return body.filter { $0.1.isStoredProperty }.dropFirst(properties).map { number, _ in
            Finding(
                path: file.path, line: number,
                problem: "Server has more than \(properties) stored properties")
        }
    }

    private static func tooManyExtensions(_ files: [SourceFile]) -> [Finding] {
        let found = files.compactMap { file in
            file.lines(saying: "more than \(extensions) files extend Server") {
                $0.isExtensionOfServer
            }.first
        }
        return Array(found.dropFirst(extensions))
    }

    private static func strayFolders(_ files: [SourceFile]) -> [Finding] {
        var missing = folders.union(top)
        var findings: [Finding] = []
        for file in files {
            let isAtTop = !file.place.contains("/")
            let name = String(file.place.prefix { $0 != "/" })
            missing.remove(name)
            guard !(isAtTop ? top : folders).contains(name) else { continue }
            let problem =
                isAtTop
                ? "not a file for the top folder" : "not a folder of the chat server: \(name)"
            findings.append(Finding(path: file.path, line: 1, problem: problem))
        }
        return findings
            + missing.sorted().map {
                Finding(path: house + $0, line: 1, problem: "is missing from the chat server")
            }
    }
}

extension SourceFile {
    /// The path within the chat server's folder.
    fileprivate var place: Substring { path.dropFirst(HouseRule.house.count) }

    /// Findings on the lines whose code, without comments, breaks the rule.
    fileprivate func lines(
        saying problem: String, where isUntidy: (Substring) -> Bool
    ) -> [Finding] {
        zip(1..., lines).filter { isUntidy($0.1.code) }
            .map { Finding(path: path, line: $0.0, problem: problem) }
    }
}

extension Substring {
    /// The line without its indentation, if it is a member of a top-level type.
    private var member: Substring? {
        let code = code
        guard code.hasPrefix("    "), let first = code.dropFirst(4).first, first != " " else {
            return nil
        }
        return code.dropFirst(4)
    }

    fileprivate var isInitializer: Bool {
        guard let member else { return false }
        return member.containsWord("init") && member.contains("init(")
    }

    /// Whether the line declares a stored property of instances.
    fileprivate var isStoredProperty: Bool {
        guard let member else { return false }
        let words = member.split(separator: " ")
        guard let keyword = words.firstIndex(where: { $0 == "let" || $0 == "var" }),
            words[..<keyword].allSatisfy({ Self.isModifier($0) })
        else { return false }
        return !member.prefix { $0 != "=" }.contains("{")
    }

    private static func isModifier(_ word: Substring) -> Bool {
        let modifiers = [
            "@", "public", "package", "internal", "fileprivate", "private", "lazy", "nonisolated",
            "unowned", "weak",
        ]
        return modifiers.contains { word.hasPrefix($0) }
    }

    fileprivate var isExtensionOfServer: Bool {
        let words = split { $0 == " " || $0 == ":" || $0 == "<" }
        guard let keyword = words.firstIndex(of: "extension") else { return false }
        return words[(keyword + 1)...].first == "Server"
    }

    /// Whether the line changes a connection's phase or flags. The history also has a phase, which
    /// its owner may change.
    fileprivate var changesConnection: Bool {
        let changes = [
            ".flags.insert(", ".flags.remove(", ".flags.update(", ".flags.formUnion(",
            ".flags.formIntersection(", ".flags.formSymmetricDifference(", ".flags.subtract(",
            ".flags = ", ".phase = ",
        ]
        return !contains("history?.phase = ") && changes.contains { contains($0) }
    }

    /// Whether the line accesses a member with this name.
    fileprivate func containsMember(_ name: String) -> Bool {
        contains(".\(name)") && containsWord(name)
    }
}
