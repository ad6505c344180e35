/// The words behind a moderator's command.
struct SlashWords {
    private(set) var rest: Substring
    let place: SlashPlace

    init(_ text: Substring, in place: SlashPlace) {
        rest = Self.trimmed(text)
        self.place = place
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...last]
    }

    /// Takes a name in quotation marks, the longest known one, or a word.
    mutating func name() -> String? {
        if rest.first == "@" { rest.removeFirst() }
        guard let first = rest.first else { return nil }
        if first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") {
            let name = rest[rest.index(after: rest.startIndex)..<end]
            rest = Self.trimmed(rest[rest.index(after: end)...])
            return name.isEmpty ? nil : String(name)
        }
        let name = place.name(atStartOf: rest) ?? String(rest.prefix { !$0.isWhitespace })
        rest = Self.trimmed(rest.dropFirst(name.count))
        return name
    }

    /// Takes a time in seconds: `600`, `10m`, `1h`.
    mutating func seconds() -> UInt64? {
        let word = rest.prefix { !$0.isWhitespace }
        let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        let unit = word.last.flatMap { units[$0] }
        let digits = unit == nil ? word : word.dropLast()
        guard 1...9 ~= digits.count, let count = UInt64(digits) else { return nil }
        rest = Self.trimmed(rest.dropFirst(word.count))
        return count * (unit ?? 1)
    }

    /// The numbers of lines. Nil if something else is there.
    func numbers() -> [UInt64]? {
        let words = rest.split { $0.isWhitespace || $0 == "," }
        let numbers = words.compactMap { UInt64($0) }
        return numbers.count == words.count ? numbers : nil
    }

    /// The rest as a text, or nil if there is none.
    var text: String? { rest.isEmpty ? nil : String(rest) }
}
