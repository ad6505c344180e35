internal import ChatClient
internal import Console

/// Prints for `hubbub chat`: chat on standard output, everything about the connection on standard
/// error.
struct ChatDisplay {
    let isJSON: Bool
    /// With `--once`, it prints neither chat nor the state of the connection, only warnings.
    let isOnce: Bool
    private let showsNumbers: Bool
    /// The error after which nothing can be printed. Nil if there was none.
    private(set) var failure: WriteFailure?
    /// On a terminal, the line is cleared before something is printed, and with it what the user
    /// has typed so far. The terminal keeps that, and shows it again on Ctrl-R.
    private let wipesOutput = StandardStream.output.isTerminal
    private let wipesErrors = StandardStream.error.isTerminal
    private static let wipe = "\r\u{1B}[K"

    init(isJSON: Bool, isOnce: Bool, showsNumbers: Bool = false) {
        (self.isJSON, self.isOnce, self.showsNumbers) = (isJSON, isOnce, showsNumbers)
    }

    /// An event as the server sent it, for `--json`. A terminal gets it with escapes, which mean
    /// the same.
    mutating func raw(_ event: [UInt8]) {
        guard isJSON else { return }
        // A line break can only be white space between the parts of the JSON.
        let line = event.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        print { () throws(WriteFailure) in
            try StandardStream.output.write(json: String(decoding: line, as: UTF8.self))
        }
    }

    /// A line of chat: `12:00:00 ann: hi`. A late one is marked. On a terminal a role is shown in
    /// inverse letters, which no name and no text has.
    mutating func line(_ line: ServerEvent.Message, isLate: Bool = false) {
        let name = TerminalText.harmless(line.username)
        let text = TerminalText.harmless(line.message)
        let role = line.role.map { TerminalText.harmless($0) } ?? ""
        let badge = wipesOutput && !role.isEmpty ? "\u{1B}[7m\(role)\u{1B}[0m " : ""
        let number = showsNumbers ? "\(line.seq) " : ""
        chat("\(isLate ? "~ " : "")\(number)\(Self.time(of: line)) \(badge)\(name): \(text)")
    }

    mutating func missed(_ gap: ServerEvent.Gap) {
        let lines = gap.missed == 1 ? "1 line was" : "\(gap.missed) lines were"
        chat("-- \(lines) missed (\(gap.from) to \(gap.to)) --")
    }

    /// The server has lost lines that were printed.
    mutating func lost(_ count: UInt64, after seq: UInt64) {
        guard count > 0 else { return }
        let lines = count == 1 ? "1 line was" : "\(count) lines were"
        chat("-- \(lines) lost by the server (\(seq + 1) to \(seq + count)) --")
    }

    mutating func recalled(_ gap: ServerEvent.Gap, _ lines: [ServerEvent.Message]) {
        chat(
            lines.isEmpty
                ? "-- the missed lines (\(gap.from) to \(gap.to)) can't be fetched --"
                : "-- \(lines.count) of \(gap.missed) missed lines --")
        for line in lines { self.line(line, isLate: true) }
    }

    mutating func presence(_ presence: ServerEvent.Presence) {
        func names(_ names: [String]?, _ verb: String) -> [String] {
            guard let names, !names.isEmpty else { return [] }
            return [names.map { TerminalText.harmless($0) }.joined(separator: ", ") + " \(verb)"]
        }
        let changes = names(presence.joined, "joined") + names(presence.left, "left")
        let what = changes.isEmpty ? "" : changes.joined(separator: "; ") + "; "
        chat("-- \(what)\(presence.count) here --")
    }

    /// Something that happened in the room.
    mutating func remark(_ text: String) {
        chat("-- \(TerminalText.harmless(text)) --")
    }

    mutating func jumped() {
        chat("-- lines may have been missed: the server can't tell which --")
    }

    /// Whether chat is printed at all.
    var prints: Bool { isJSON || !isOnce }

    /// The reader of standard output has gone.
    mutating func lostReader() {
        if failure == nil { failure = .readerGone(.output) }
    }

    /// Prints the state of the connection.
    func status(_ text: String) {
        guard !isOnce else { return }
        warning(text)
    }

    /// Prints something that the user must know in any case.
    func warning(_ text: String) {
        let wipe = wipesErrors ? Self.wipe : ""
        // If standard error can't be written, there is nobody to tell.
        try? StandardStream.error.write("\(wipe)-- \(TerminalText.harmless(text)) --\n")
    }

    private mutating func chat(_ text: String) {
        guard !isJSON, !isOnce else { return }
        let wipe = wipesOutput ? Self.wipe : ""
        print { () throws(WriteFailure) in
            try StandardStream.output.write("\(wipe)\(text)\n")
        }
    }

    private mutating func print(_ write: () throws(WriteFailure) -> Void) {
        guard failure == nil else { return }
        do throws(WriteFailure) {
            try write()
        } catch {
            failure = error
        }
    }

    private static func time(of line: ServerEvent.Message) -> String {
        guard let milliseconds = line.milliseconds else { return "--:--:--" }
        let time = SystemCalls.localTime(milliseconds: milliseconds)
        return [time.hour, time.minute, time.second]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
