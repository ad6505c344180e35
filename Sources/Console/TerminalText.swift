/// Makes texts of other people safe for a terminal.
public enum TerminalText {
    /// The text, with an escape for everything that could move the cursor, end the line, or reverse
    /// the text around it.
    public static func harmless(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var harmless = ""
        for scalar in text.unicodeScalars {
            guard isHarmful(scalar) else {
                harmless.unicodeScalars.append(scalar)
                continue
            }
            switch scalar {
            case "\n": harmless += #"\n"#
            case "\r": harmless += #"\r"#
            case "\t": harmless += #"\t"#
            default: harmless += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return harmless
    }

    /// The same for JSON, with the escapes of JSON, so that its meaning doesn't change. Line breaks
    /// between its parts become spaces.
    public static func harmless(json: String) -> String {
        guard json.unicodeScalars.contains(where: isHarmful) else { return json }
        var harmless = ""
        for scalar in json.unicodeScalars {
            if !isHarmful(scalar) {
                harmless.unicodeScalars.append(scalar)
            } else if scalar == "\n" || scalar == "\r" || scalar == "\t" {
                harmless += " "
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    harmless += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return harmless
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
