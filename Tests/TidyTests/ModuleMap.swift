/// The modules that each folder may import: nothing points up or sideways.
enum ModuleMap {
    private static let arrows: [(folder: String, imports: Set<String>)] = [
        ("Sources/Reactor/", ["CLinux"]),
        ("Sources/Console/", ["CLinux", "Reactor"]),
        ("Sources/WebSocket/", ["COpenSSL", "CZlib"]),
        ("Sources/TLS/", ["COpenSSL", "Reactor"]),
        ("Sources/Chat/", []),
        ("Sources/Filters/", ["CRE2", "Chat"]),
        ("Sources/Identity/", ["Chat"]),
        ("Sources/IdentityKeys/", ["Identity", "Reactor"]),
        ("Sources/ChatStore/", ["Chat", "Filters"]),
        ("Sources/Outgoing/", ["CCurl"]),
        ("Sources/Redis/", ["CHiredis", "CLinux", "Reactor"]),
        ("Sources/ChatCluster/", ["COpenSSL", "Chat", "Reactor", "Redis"]),
        ("Sources/Webhooks/", ["COpenSSL", "Chat", "Identity"]),
        ("Sources/ChatServer/", ["Reactor", "TLS", "WebSocket", "Chat", "Filters", "Identity"]),
        ("Sources/ChatClient/", ["Reactor", "WebSocket", "Chat", "TLS"]),
        (
            "Sources/hubbub/",
            [
                "Chat", "ChatClient", "ChatCluster", "ChatServer", "ChatStore", "Console",
                "Filters", "Identity", "IdentityKeys", "Outgoing", "Reactor", "Redis", "TLS",
                "Webhooks",
            ]
        ),
        ("Benchmarks/micro/", ["Reactor", "WebSocket", "Chat", "ChatServer", "Filters"]),
        (
            "Benchmarks/hubbub-load/",
            ["Chat", "ChatClient", "Console", "Reactor", "TLS", "WebSocket"]
        ),
        ("Tests/TestSupport/", ["WebSocket"]),
        ("Tests/ws-echo/", ["Console", "Reactor", "TLS", "WebSocket"]),
    ]
    private static let own: Set<String> = [
        "CCurl", "CHiredis", "CLinux", "COpenSSL", "CRE2", "CSQLite", "CZlib", "Chat", "ChatClient",
        "ChatCluster", "ChatServer", "ChatStore", "Console", "Filters", "Identity", "IdentityKeys",
        "Outgoing", "Reactor", "Redis", "Simulation", "TLS", "TestSupport", "WebSocket", "Webhooks",
        "hubbub",
    ]
    /// Protocol and domain do no I/O, so they need nothing but the standard library.
    private static let pure = ["Sources/WebSocket/", "Sources/Chat/", "Sources/Identity/"]

    /// Imports of the file that the map doesn't allow.
    static func forbiddenImports(in file: SourceFile) -> [Finding] {
        guard file.isSwift, let arrow = arrows.first(where: { file.path.hasPrefix($0.folder) })
        else { return [] }
        return zip(1..., file.lines).compactMap { number, line in
            guard let module = importedModule(line), !arrow.imports.contains(module),
                own.contains(module) || pure.contains(arrow.folder)
            else { return nil }
            let problem = "\(arrow.folder) must not import \(module)"
            return Finding(path: file.path, line: number, problem: problem)
        }
    }

    /// The module of an import declaration, whatever its access level, attributes and kind.
    static func importedModule(_ line: Substring) -> String? {
        let words = line.code.split { $0 == " " || $0 == "\t" }
        guard let keyword = words.firstIndex(of: "import"),
            words[..<keyword].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
        else { return nil }
        var rest = words[(keyword + 1)...]
        if rest.count > 1 { rest = rest.dropFirst() }
        return rest.first.map { String($0.prefix { $0 != "." }) }
    }

    private static let accessLevels: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
}
