/// Makes texts of other people safe for a terminal.
public enum TerminalText {
    /// The text, with an escape for everything that could move the cursor, end the line, or reverse
    /// the text around it.
    public static func harmless(_ text: String) -> String {
        escaped(text) { scalar in
            switch scalar {
            case "\n": #"\n"#
            case "\r": #"\r"#
            case "\t": #"\t"#
            default: "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }

    /// The same for JSON, with the escapes of JSON, so that its meaning doesn't change. Line breaks
    /// between its parts become spaces.
    public static func harmless(json: String) -> String {
        escaped(json) { scalar in
            switch scalar {
            case "\n", "\r", "\t": " "
            default:
                String(scalar).utf16.map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }.joined()
            }
        }
    }

    /// The text with an escape in the place of each harmful scalar.
    private static func escaped(
        _ text: String, by escape: (Unicode.Scalar) -> String
    ) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                escaped += escape(scalar)
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Whether a terminal would obey the scalar instead of showing it.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        // Joiners, which Persian and composed emoji need, and the tags of flags.
        if 0x200C...0x200D ~= scalar.value || 0xE0020...0xE007F ~= scalar.value { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
