internal import Foundation

/// The settings in force, and where each comes from, as YAML or JSON.
struct ConfigurationText {
    private struct Line: Encodable {
        let key: String
        let values: [String]
        let source: String
        /// Whether the setting has its default, which may be none.
        let isDefault: Bool
        let isList: Bool
        /// The place in a list of maps. The values are the map's fields then.
        var map: Int?

        private enum CodingKeys: String, CodingKey {
            case key, value, source
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(key, forKey: .key)
            if isList, !isDefault {
                try container.encode(values, forKey: .value)
            } else {
                try container.encode(values.joined(), forKey: .value)
            }
            try container.encode(source, forKey: .source)
        }

        /// As a line of a file. A default is a comment, because some settings mean something else
        /// if they are set.
        var yaml: String {
            if let map { return (map == 0 ? "\(key):\n" : "") + aligned("  - {\(fields)}") }
            let value =
                isDefault
                ? values.joined() : isList ? YAMLText.list(values) : YAMLText.value(values[0])
            return aligned((isDefault ? "# " : "") + "\(key): \(value)")
        }

        private var fields: String { values.joined(separator: ", ") }

        private func aligned(_ line: String) -> String {
            line + String(repeating: " ", count: max(40 - line.count, 1)) + "# \(source)\n"
        }
    }

    private let sections: [(title: String, lines: [Line])]

    init(_ serve: Serve, file: FileValues) {
        sections = SettingSection.all(of: serve).map { section in
            let nodes = Schema.sections.first { $0.title == section.title }?.nodes ?? []
            let lists = nodes.flatMap { Self.lines(of: $0, in: file) }
            return (section.title, lists + section.options.map(Self.line))
        }
    }

    /// A list of maps in the file, one line for each map.
    private static func lines(of node: SchemaNode, in file: FileValues) -> [Line] {
        guard case .maps(let keys) = node.kind else { return [] }
        return file.maps(of: node.key).enumerated().map { number, map in
            let fields = keys.compactMap { key -> String? in
                let texts = map.values.texts(of: key.key).map(\.text)
                guard let first = texts.first else { return nil }
                let shown = texts.count > 1 ? YAMLText.list(texts) : YAMLText.value(first)
                return "\(key.key): \(key.isSecret ? "…" : shown)"
            }
            return Line(
                key: node.key, values: fields, source: "\(map.place.file):\(map.place.line)",
                isDefault: false, isList: true, map: number)
        }
    }

    private static func line(of option: any SettingOption) -> Line {
        let givens = option.givens
        let setting = givens[0].anySetting
        return Line(
            key: setting.flag, values: givens.map { setting.shown($0.text) },
            source: source(of: givens[0]), isDefault: givens[0].source == .nobody,
            isList: option.isList)
    }

    private static func source(of given: any AnyGiven) -> String {
        switch given.source {
        case .nobody: "default"
        case .file(let place): "\(place.file):\(place.line)"
        case .environment: given.anySetting.variable
        case .commandLine: "--\(given.anySetting.flag)"
        }
    }

    var yaml: String {
        sections.map { section in
            "# == \(section.title) ==\n" + section.lines.map(\.yaml).joined()
        }.joined(separator: "\n")
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(sections.flatMap(\.lines)), as: UTF8.self)
    }
}
