/// The example of a configuration file: all that a file may say, each setting commented out, with
/// its default or else an example. Comments begin with `# `, settings with `#` alone.
enum ExampleText {
    private static let width = 100

    static var text: String {
        let head = [
            "# The configuration of hubbub serve.",
            "#",
            "# Each setting stands here with its default, or with an example if there is no",
            "# default. To change a setting, remove the # before it. An option of the command wins",
            "# over an environment variable, and that over this file. The names are those of the",
            "# options. Bytes are written like 65536, 64KiB or 1MiB, times like 10, 0.5, 500ms or",
            "# 5m.",
            "#",
            "# hubbub config check FILE finds mistakes. hubbub reload, or SIGHUP, makes the daemon",
            "# read the file again.",
        ]
        let sections = Schema.sections.map { section in
            "\n# == \(section.title) ==\n"
                + section.nodes.filter(\.isShown).map { "\n" + text(of: $0) }.joined()
        }
        return head.joined(separator: "\n") + "\n" + sections.joined()
    }

    /// The text that remains of an example if each setting is in force.
    static func uncommented(_ example: String) -> String {
        example.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isComment = line == "#" || line.hasPrefix("# ") && !line.hasPrefix("#  ")
            return isComment ? "" : line.hasPrefix("#") ? line.dropFirst() : line
        }.joined(separator: "\n")
    }

    private static func text(of node: SchemaNode) -> String {
        var sentences = ["\(node.what): \(node.accepted)."]
        if case .text(let text) = node.kind, !text.isDefault {
            sentences.append("Default: \(text.fallback).")
        } else if case .texts(let text) = node.kind, !text.isDefault {
            sentences.append("Default: \(text.fallback).")
        }
        if node.isFixed { sentences.append("A change needs a restart.") }
        let comment = wrapped(sentences.joined(separator: " ")).map { "# \($0)\n" }.joined()
        return comment + settings(node).map { "#\($0)\n" }.joined()
    }

    /// The lines of a setting.
    private static func settings(_ node: SchemaNode) -> [String] {
        switch node.kind {
        case .text(let text): return ["\(node.key): \(YAMLText.value(text.example))"]
        case .texts(let text): return ["\(node.key): \(YAMLText.list([text.example]))"]
        case .maps(let keys):
            let lines = keys.filter(\.isShown).flatMap { settings($0) }
            let marks = ["- "] + Array(repeating: "  ", count: max(lines.count - 1, 0))
            return ["\(node.key):"] + zip(marks, lines).map { "  " + $0 + $1 }
        case .named(let name, let keys):
            return ["\(node.key):", "  \(YAMLText.value(name.example)):"]
                + keys.flatMap { settings($0) }.map { "    " + $0 }
        }
    }

    private static func wrapped(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count + 3 > width { lines.append("") }
            if !lines[lines.count - 1].isEmpty { lines[lines.count - 1] += " " }
            lines[lines.count - 1] += word
        }
        return lines
    }
}
