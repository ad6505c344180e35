/// Writes texts as YAML.
enum YAMLText {
    /// The text as a value that the reader takes as the same text, in quotes if it needs them.
    static func value(_ text: String) -> String {
        if isPlain(text) { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += #"\n"#
            case "\t": quoted += #"\t"#
            default:
                if scalar.value < 0x20 || 0x7F...0xA0 ~= scalar.value
                    || 0x2028...0x2029 ~= scalar.value || scalar.value == 0xFEFF
                {
                    quoted += escape(scalar.value)
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }

    /// A list in one line.
    static func list(_ texts: [String]) -> String {
        "[" + texts.map(value).joined(separator: ", ") + "]"
    }

    /// Whether the text means itself without quotes, also in a list.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isWord(first) else {
            return false
        }
        return last != UInt8(ascii: ":") && !["null", "Null", "NULL"].contains(text)
            && text.utf8.allSatisfy { isWord($0) || ".:+-_".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private static func escape(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
