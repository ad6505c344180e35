/// Looks for links in a folded text, in one pass.
struct LinkScan {
    private let text: [UInt8]
    private var place = 0

    init(_ text: [UInt8]) {
        self.text = Self.withPlainStops(text)
    }

    mutating func findsLink() -> Bool {
        while place < text.count {
            if Self.isName(text[place]) {
                if namesHost() { return true }
            } else if endsScheme() {
                return true
            } else {
                place += 1
            }
        }
        return false
    }

    /// Whether `://` and something to open stand here, behind a name of at least two characters, or
    /// a colon and something to open behind `mailto`.
    private func endsScheme() -> Bool {
        guard text[place] == UInt8(ascii: ":"), place > 0 else { return false }
        if text[..<place].suffix(6).elementsEqual("mailto".utf8) { return isName(at: place + 1) }
        guard place > 1, Self.isASCIIName(text[place - 1]), Self.isASCIIName(text[place - 2]),
            text[place...].starts(with: "://".utf8)
        else { return false }
        // An address of IPv6 begins with a bracket.
        return isName(at: place + 3)
            || place + 3 < text.count && text[place + 3] == UInt8(ascii: "[")
    }

    /// Takes names that are joined by full stops, and returns whether they are a host's.
    private mutating func namesHost() -> Bool {
        var names: [Range<Int>] = []
        while true {
            let start = place
            while isName(at: place) { place += 1 }
            names.append(start..<place)
            guard place < text.count, text[place] == UInt8(ascii: "."), isName(at: place + 1) else {
                break
            }
            place += 1
        }
        guard names.count > 1 else { return false }
        if text[names[0]].elementsEqual("www".utf8) { return true }
        let common = ["com", "net", "org"]
        for name in names.dropFirst().dropLast()
        where common.contains(where: { text[name].elementsEqual($0.utf8) }) {
            return true
        }
        let end = Array(text[names[names.count - 1]])
        if end.starts(with: "xn--".utf8) || TopLevelDomains.sure.contains(end) { return true }
        guard TopLevelDomains.doubtful.contains(end) else { return false }
        return names.count > 2 || hasPath
    }

    /// Whether a path, a query or a port follows.
    private var hasPath: Bool {
        guard place + 1 < text.count else { return false }
        switch text[place] {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return isName(at: place + 1)
        case UInt8(ascii: ":"): return WordClass(ascii: text[place + 1]) == .digit
        default: return false
        }
    }

    private func isName(at place: Int) -> Bool { place < text.count && Self.isName(text[place]) }

    private static func isName(_ byte: UInt8) -> Bool { byte >= 0x80 || isASCIIName(byte) }

    private static func isASCIIName(_ byte: UInt8) -> Bool {
        switch WordClass(ascii: byte) {
        case .letter, .digit: true
        default: byte == UInt8(ascii: "-")
        }
    }

    /// The text with a full stop for each ideographic one, which browsers take for one in names of
    /// hosts, and for each that stands in brackets.
    private static func withPlainStops(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var place = 0
        while place < text.count {
            let rest = text[place...].prefix(3)
            if stops.contains(where: rest.elementsEqual) {
                result.append(UInt8(ascii: "."))
                place += 3
            } else {
                result.append(text[place])
                place += 1
            }
        }
        return result
    }

    private static let stops = ["(.)", "[.]", "{.}", "\u{3002}"].map { Array($0.utf8) }
}
