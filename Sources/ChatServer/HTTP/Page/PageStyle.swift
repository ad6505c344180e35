/// Removes white space that browsers don't need from a style sheet, so that the page is smaller.
///
/// A colon or semicolon before a space, and a bracket after one, occur only between the parts of a
/// rule, because the sheets here have no text and no comment with such characters.
enum PageStyle {
    private static let shorter: KeyValuePairs = [
        "; }": "}", "; ": ";", ": ": ":", " {": "{", "{ ": "{", ", ": ",", ";\n": ";", "{\n": "{",
        "\n}": "}", ";}": "}", "}\n": "}",
    ]

    static func squeezed(_ sheet: [UInt8]) -> [UInt8] {
        let lines = unindented(sheet)
        let text = shorter.reduce(String(decoding: lines, as: UTF8.self)) { text, pair in
            text.replacing(pair.key, with: pair.value)
        }
        return Array(text.utf8)
    }

    /// The lines of HTML or of a style sheet, without leading spaces.
    static func unindented(_ lines: [UInt8]) -> [UInt8] {
        lines.split(separator: UInt8(ascii: "\n")).flatMap { line in
            line.drop { $0 == UInt8(ascii: " ") } + [UInt8(ascii: "\n")]
        }
    }
}
