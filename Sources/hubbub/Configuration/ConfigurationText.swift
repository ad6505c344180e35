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
            let value =
                isDefault
                ? values.joined() : isList ? YAMLText.list(values) : YAMLText.value(values[0])
            let line = (isDefault ? "# " : "") + "\(key): \(value)"
            let space = String(repeating: " ", count: max(40 - line.count, 1))
            return line + "\(space)# \(source)\n"
        }
    }

    private let sections: [(title: String, lines: [Line])]
    private let file: FileValues

    init(_ serve: Serve, file: FileValues) {
        self.file = file
        sections = SettingSection.all(of: serve).map { section in
            (section.title, section.options.map(Self.line))
        }
    }

    private static func line(of option: any SettingOption) -> Line {
        let givens = option.givens
        let setting = givens[0].anySetting
        return Line(
            key: setting.flag, values: givens.map { setting.isSecret ? "…" : $0.text },
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
