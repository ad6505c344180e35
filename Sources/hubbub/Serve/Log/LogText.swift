internal import Chat
internal import Logging

/// Makes entries of one line, whatever the texts contain.
enum LogText {
    /// Time in UTC, level and message, and the metadata sorted by name. For the journal, the level
    /// as a number instead of time and level.
    static func entry(
        _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata,
        form: LogForm = .inForce
    ) -> String {
        let fields = metadata.sorted { $0.key < $1.key }
            .map { " \(line($0.key))=\(value("\($0.value)"))" }
        return start(level, form) + line(message) + fields.joined()
    }

    private static func start(_ level: Logger.Level, _ form: LogForm) -> String {
        switch form {
        case .plain:
            var time: [UInt8] = []
            SystemCalls.now().append(to: &time)
            return "\(String(decoding: time, as: UTF8.self)) \(level) "
        case .journal: return "<\(LogForm.priority(of: level))>"
        }
    }

    /// The text, with escapes for everything that could end or disguise a line.
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: breaksLines) else { return text }
        var line = ""
        for scalar in text.unicodeScalars {
            if breaksLines(scalar) {
                line += scalar == "\n" ? #"\n"# : "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    /// A value of metadata, in quotes if its end would be unclear otherwise.
    static func value(_ text: String) -> String {
        guard text.isEmpty || text.unicodeScalars.contains(where: needsQuotes) else { return text }
        var value = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { value += "\\" }
            value.unicodeScalars.append(scalar)
        }
        return line(value + "\"")
    }

    private static func needsQuotes(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\"" || scalar == "=" || breaksLines(scalar)
    }

    private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
