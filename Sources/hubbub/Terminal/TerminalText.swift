/// Texts of others as a terminal may show them.
enum TerminalText {
    /// The text with whatever could move the cursor, end the line, or turn around the order of
    /// what stands around it written as an escape.
    static func harmless(_ text: String) -> String {
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

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        // Joiners, which write Persian and put emoji together, and the tags of flags.
        if 0x200C...0x200D ~= scalar.value || 0xE0020...0xE007F ~= scalar.value { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
