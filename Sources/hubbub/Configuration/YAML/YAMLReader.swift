/// Reads a YAML text into nodes, and collects what is wrong with it. What could make a small text
/// large, or mean something else than it says, is not taken: aliases, anchors and tags.
struct YAMLReader: ~Copyable {
    private let events: YAMLEvents
    private var faults = FaultList()
    /// Whether the rest of the text can't be read.
    private var isBroken = false

    /// Maps and lists within each other.
    static let depth = 16
    private static let nothing: Set<String> = ["", "~", "null", "Null", "NULL"]

    private init(_ text: [UInt8], file: String) {
        events = YAMLEvents(text, file: file)
    }

    /// The root of the text, which is valid UTF-8. Nil if it holds nothing.
    static func read(_ text: [UInt8], file: String, faults: inout FaultList) -> YAMLNode? {
        var reader = YAMLReader(text, file: file)
        let root = reader.document()
        faults.append(reader.faults)
        return root
    }

    private mutating func document() -> YAMLNode? {
        guard case .document = next().kind else { return nil }
        let root = node(next(), depth: 0)
        guard !isBroken else { return root }
        _ = next()
        guard !isBroken else { return root }
        let after = next()
        if case .document = after.kind {
            faults.add(after.place, "a second document begins; put all settings into the first")
        }
        return root
    }

    /// The next event. A fault of the text ends it.
    private mutating func next() -> YAMLEvents.Event {
        let event = events.next()
        if case .fault(let problem) = event.kind {
            isBroken = true
            faults.add(event.place, Self.explained(problem))
        }
        return event
    }

    private static func explained(_ problem: String) -> String {
        let hints = [
            ("cannot start any token", "put the value in quotes, and indent with spaces"),
            ("node content", "put a value that begins with a colon or another sign in quotes"),
            (
                "mapping values are not allowed",
                "put a value with a colon in quotes, and check the indentation"
            ),
            ("tab character", "indent with spaces"),
            ("could not find expected", "write `key: value`"),
            ("did not find expected", "check the indentation, and close quotes and brackets"),
        ]
        let hint = hints.first { problem.contains($0.0) }?.1 ?? "correct the line"
        return "this is not YAML (\(problem)); \(hint)"
    }

    private mutating func node(_ event: YAMLEvents.Event, depth: Int) -> YAMLNode {
        if event.hasAnchor {
            faults.add(event.place, "anchors (&) are not taken; put a text with & in quotes")
        }
        if event.hasTag {
            faults.add(event.place, "tags (!) are not taken; put a text with ! in quotes")
        }
        let kind: YAMLNode.Kind
        switch event.kind {
        case .scalar(let text, let isPlain):
            kind = isPlain && Self.nothing.contains(text) ? .nothing : .text(text)
        case .alias(let name):
            faults.add(event.place, "aliases (*\(name)) are not taken; write it out, or quote it")
            kind = .faulty
        case .list: kind = list(depth: depth + 1, at: event.place)
        case .map: kind = map(depth: depth + 1, at: event.place)
        case .document, .end, .over, .fault: kind = .faulty
        }
        return YAMLNode(kind: kind, place: event.place)
    }

    private mutating func list(depth: Int, at place: FilePlace) -> YAMLNode.Kind {
        guard isShallow(depth, at: place) else { return .faulty }
        var elements: [YAMLNode] = []
        while !isBroken {
            let event = next()
            if case .end = event.kind { break }
            elements.append(node(event, depth: depth))
        }
        return .list(elements)
    }

    private mutating func map(depth: Int, at place: FilePlace) -> YAMLNode.Kind {
        guard isShallow(depth, at: place) else { return .faulty }
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        while !isBroken {
            let event = next()
            if case .end = event.kind { break }
            let key = node(event, depth: depth)
            guard !isBroken else { break }
            let value = node(next(), depth: depth)
            guard let name = name(key) else { continue }
            if let line = lines[name] {
                faults.add(key.place, "\(name): line \(line) gives it already; leave out one")
                continue
            }
            lines[name] = key.place.line
            entries.append(YAMLNode.Entry(key: name, place: key.place, value: value))
        }
        return .map(entries)
    }

    private mutating func name(_ key: YAMLNode) -> String? {
        switch key.kind {
        case .text(let name): return name
        case .faulty: return nil
        case .nothing, .list, .map:
            faults.add(key.place, "this key is \(key.sort); give a name")
            return nil
        }
    }

    private mutating func isShallow(_ depth: Int, at place: FilePlace) -> Bool {
        guard depth > Self.depth else { return true }
        faults.add(place, "nested deeper than \(Self.depth); no setting is")
        isBroken = true
        return false
    }
}
