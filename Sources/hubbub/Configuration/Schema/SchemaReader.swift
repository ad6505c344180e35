internal import Console

/// Arranges the nodes of a configuration file as its schema wants them, and collects what doesn't
/// fit.
struct SchemaReader {
    private(set) var faults = FaultList()

    /// The values of a file. `root` is nil if the file is empty.
    mutating func values(of root: YAMLNode?, as schema: [SchemaNode]) -> FileValues {
        switch root?.kind {
        case nil, .nothing?, .faulty?: return FileValues()
        case .map(let entries)?: return values(of: entries, as: schema, in: [])
        case .text?, .list?:
            if let root {
                faults.add(
                    root.place, "the file is \(root.sort); give settings such as `port: 8080`")
            }
            return FileValues()
        }
    }

    /// - Parameter path: the keys around the map.
    private mutating func values(
        of entries: [YAMLNode.Entry], as schema: [SchemaNode], in path: [String]
    ) -> FileValues {
        var values = FileValues()
        for entry in entries {
            guard let node = schema.first(where: { $0.key == entry.key }) else {
                faults.add(entry.place, Self.unknown(entry, among: schema, in: path))
                continue
            }
            if let value = value(entry.value, as: node, in: path + [entry.key]) {
                values.set(entry.key, value)
            }
        }
        return values
    }

    private mutating func value(
        _ node: YAMLNode, as schema: SchemaNode, in path: [String]
    ) -> FileValues.Value? {
        let name = path.joined(separator: ".")
        switch (schema.kind, node.kind) {
        case (_, .faulty): return nil
        case (_, .nothing):
            faults.add(node.place, "\(name): no value; give \(schema.accepted), or leave it out")
            return nil
        case (.text(let text), .text(let given)), (.texts(let text), .text(let given)):
            return checked(given, as: text, at: node.place, name).map { .texts([$0]) }
        case (.texts(let text), .list(let elements)):
            return .texts(
                elements.compactMap { self.text($0, as: text, of: schema, name) })
        case (.maps(let keys), .list(let elements)):
            return .maps(elements.compactMap { map($0, as: keys, of: schema, in: path) })
        case (.named(let text, let keys), .map(let entries)):
            return .named(
                entries.compactMap { entry in
                    let named = path + [entry.key]
                    guard let name = checked(entry.key, as: text, at: entry.place, name),
                        let map = map(entry.value, as: keys, of: schema, in: named)
                    else { return nil }
                    return (name, map)
                })
        default:
            faults.add(node.place, "\(name): this is \(node.sort); give \(schema.accepted)")
            return nil
        }
    }

    /// An element of a list of texts.
    private mutating func text(
        _ node: YAMLNode, as text: SchemaNode.Text, of schema: SchemaNode, _ name: String
    ) -> FileText? {
        switch node.kind {
        case .text(let given): return checked(given, as: text, at: node.place, name)
        case .faulty: return nil
        case .nothing, .list, .map:
            faults.add(
                node.place, "\(name): an element is \(node.sort); give \(schema.accepted)")
            return nil
        }
    }

    private mutating func map(
        _ node: YAMLNode, as keys: [SchemaNode], of schema: SchemaNode, in path: [String]
    ) -> FileValues.Map? {
        let name = path.joined(separator: ".")
        switch node.kind {
        case .faulty: return nil
        case .map(let entries):
            let values = values(of: entries, as: keys, in: path)
            for key in keys where key.isRequired && !entries.contains(where: { $0.key == key.key })
            {
                faults.add(node.place, "\(name): \(key.key) is missing; give \(key.accepted)")
            }
            return FileValues.Map(place: node.place, values: values)
        case .nothing where !keys.contains(where: \.isRequired):
            return FileValues.Map(place: node.place, values: FileValues())
        case .nothing, .list, .text:
            faults.add(
                node.place, "\(name): an element is \(node.sort); give \(schema.accepted)")
            return nil
        }
    }

    private mutating func checked(
        _ given: String, as text: SchemaNode.Text, at place: FilePlace, _ name: String
    ) -> FileText? {
        if text.accepts(given) { return FileText(text: given, place: place) }
        let shown = text.isSecret ? "…" : given
        faults.add(place, "\(name): \(shown): give \(text.accepted)")
        return nil
    }

    private static func unknown(
        _ entry: YAMLNode.Entry, among schema: [SchemaNode], in path: [String]
    ) -> String {
        let name = (path + [entry.key]).joined(separator: ".")
        if path.isEmpty, entry.key == Schema.fileKey {
            return "\(name): a file can't name another one; leave it out"
        }
        // As a variable or a flag is written.
        var word = entry.key.lowercased().map { $0 == "_" ? "-" : $0 }[...]
        for prefix in ["hubbub-", "--"] where word.starts(with: prefix) {
            word = word.dropFirst(prefix.count)
        }
        let keys = schema.map(\.key)
        if let nearest = Suggestion.nearest(to: String(word), in: keys) {
            return "\(name): there is no such setting; did you mean \(nearest)?"
        }
        if case .map = entry.value.kind, path.isEmpty {
            return "\(name): there is no such setting; settings stand at the top, not in sections"
        }
        let remedy =
            keys.count > 8
            ? "see `hubbub config example`" : "give one of \(keys.joined(separator: ", "))"
        return "\(name): there is no such setting; \(remedy)"
    }
}
