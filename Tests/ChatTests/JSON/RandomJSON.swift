import TestSupport

/// Makes valid and almost valid JSON texts.
struct RandomJSON {
    var generator: SplitMix64

    private static let pieces = [
        "a", "username", "message", " ", "é", "€", "😀", "\u{2028}", "\u{7F}", "\u{FFFF}", "/",
        #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#, #"\u00e9"#,
        #"\u20AC"#, #"\uD83D\uDE00"#, #"\udbff\udfff"#, #"\uFFFE"#, "sixteen bytes or so",
    ]
    private static let numbers = [
        "0", "-0", "7", "-12", "3.25", "1e3", "1E+2", "-2.5e-3", "1234567890",
    ]
    private static let edits = Array(#"{}[]",:\/u0189dDeE+-.tfn "#.utf8) + [0x09, 0x0A, 0x0D, 0x01]

    mutating func string() -> String {
        let count = Int.random(in: 0...5, using: &generator)
        return "\"" + (0..<count).map { _ in pick(Self.pieces) }.joined() + "\""
    }

    mutating func value(depth: Int = 0) -> String {
        switch Int.random(in: 0..<(depth < 5 ? 7 : 4), using: &generator) {
        case 0: return pick(["true", "false", "null"])
        case 1: return pick(Self.numbers)
        case 2, 3: return string()
        case 4:
            let count = Int.random(in: 0...3, using: &generator)
            let values = (0..<count).map { _ in value(depth: depth + 1) }
            return "[" + space() + values.joined(separator: space() + "," + space()) + space() + "]"
        default:
            let count = Int.random(in: 0...3, using: &generator)
            return object((0..<count).map { _ in (string(), value(depth: depth + 1)) })
        }
    }

    mutating func object(_ members: [(key: String, value: String)]) -> String {
        var text = "{" + space()
        for (index, member) in members.enumerated() {
            text += index > 0 ? "," + space() : ""
            text += member.key + space() + ":" + space() + member.value + space()
        }
        return text + "}"
    }

    /// Inserts, removes or replaces one or two bytes.
    mutating func damaged(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
            let index = Int.random(in: 0...bytes.count, using: &generator)
            let edit = Self.edits.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes.insert(edit, at: index)
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2 where index < bytes.count: bytes[index] = edit
            default: bytes.append(edit)
            }
        }
        return bytes
    }

    private mutating func space() -> String {
        pick(["", "", "", " ", "\t", "\r\n", "  "])
    }

    mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: choices.indices, using: &generator)]
    }
}
