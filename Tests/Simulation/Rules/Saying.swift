internal import TestSupport

/// A message of a client of the crowd, in JSON that is written in one of many ways.
struct Saying {
    /// The name and text that others receive. Empty if it is refused.
    let username: String
    let message: String
    let json: [UInt8]
    /// The error that answers it. Nil if it should become a line.
    let refusal: String?

    /// A valid line. `tag` makes it unique.
    init(
        tag: String, username: String? = nil, characters: Int, random: inout SplitMix64
    ) {
        self.username = username ?? random.pick(Self.usernames)
        var text = tag
        for _ in 0..<random.number(in: 1...3) { text += " " + random.pick(Self.texts) }
        if random.happens(50) {
            let missing = characters - text.unicodeScalars.count
            text += String(repeating: random.pick(["x", "é", "語", "🙂"]), count: max(missing, 0))
        }
        message = text
        refusal = nil
        json = Self.json(
            username: self.username, message: text, command: [], random: &random)
    }

    /// The same message as a command of the rich dialect, with or without the user name.
    func command(
        in room: String, id: String?, namesItself: Bool, random: inout SplitMix64
    ) -> [UInt8] {
        let id = id.map { [("id", $0)] } ?? []
        return Self.json(
            username: namesItself ? username : nil, message: message,
            command: [("type", "message"), ("room", room)] + id, random: &random)
    }

    private static func json(
        username: String?, message: String, command: [(String, String)],
        random: inout SplitMix64
    ) -> [UInt8] {
        let padded = username.map { random.happens(100) ? "\t\($0) " : $0 }
        let name = padded.map { [("username", $0)] } ?? []
        let fields = (name + [("message", message)] + command).map { name, value in
            "\"\(name)\":\(literal(value, random: &random))"
        }
        let unknown = random.happens(200) ? [#""extra":{"a":[1,2.5e3,null,"\u00e9"]}"#] : []
        return Array(
            "{\((fields + unknown).shuffled(using: &random).joined(separator: ", "))}".utf8)
    }

    /// A name that a user keeps for a while.
    static func username(_ random: inout SplitMix64) -> String { random.pick(usernames) }

    /// A message that is refused.
    init(refusedOf characters: Int, random: inout SplitMix64) {
        let long = String(repeating: "x", count: characters + 1)
        let choices =
            Self.refused + [
                ("message_too_long", #"{"username":"ann","message":"\#(long)"}"#)
            ]
        let choice = random.pick(choices)
        (username, message) = ("", "")
        refusal = choice.0
        json = Array(choice.1.utf8)
    }

    private static let usernames = [
        "ann", "Zoë", "名前", "b\"ob\\", "a-name-of-exactly-32-characters!",
    ]

    private static let texts = [
        "hi", "\"quoted\" back\\slash a/b", "two\nlines\tand \u{0}\u{1F}\u{7F}", "naïve café",
        "日本語", "👩‍👩‍👧‍👦 🇩🇪", "\u{2028}\u{2029}\u{FEFF}", "</script><!--", "\u{202E}עברית",
        "e\u{301} é", "\u{10FFFF}\u{FFFD}",
    ]

    private static let refused = [
        ("invalid_json", #"{"username":"ann","message":"#),
        ("invalid_json", #"{"username":"ann","message":"\ud800"}"#),
        ("invalid_json", ""),
        ("invalid_json", #"{"username":"ann","message":"a"}}"#),
        ("invalid_command", "[]"),
        ("invalid_command", #"{"username":"ann"}"#),
        ("invalid_command", #"{"username":1,"message":"a"}"#),
        ("invalid_username", #"{"username":" ","message":"a"}"#),
        ("invalid_username", #"{"username":"a\u0007","message":"a"}"#),
        ("message_empty", #"{"username":"ann","message":" \n\u200b"}"#),
    ]

    /// A JSON string. Characters are escaped if they must be, and sometimes if they may be (RFC
    /// 8259 section 7).
    private static func literal(_ text: String, random: inout SplitMix64) -> String {
        let escapesAll = random.happens(100)
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case "\n": literal += "\\n"
            case _ where scalar.value < 0x20 || escapesAll:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
