internal import Chat
internal import Console
internal import Logging

/// Makes entries of one line, whatever the texts contain.
enum LogText {
    /// Time in UTC, level and message, and the metadata sorted by name. For the journal, the level
    /// as a number instead of time and level.
    static func entry(
        _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, form: LogForm
    ) -> String {
        let start: String
        switch form {
        case .plain: start = "\(time()) \(level) "
        case .journal: start = "<\(LogForm.priority(of: level))>"
        case .json: return object(level, message, metadata)
        }
        let fields = metadata.sorted { $0.key < $1.key }
            .map { " \(line($0.key))=\(value("\($0.value)"))" }
        return start + line(message) + fields.joined()
    }

    /// An object with `time`, `level`, `message` and the metadata. All values are strings.
    private static func object(
        _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata
    ) -> String {
        var fields = [("time", time()), ("level", "\(level)"), ("message", message)]
        let names = Set(fields.map(\.0))
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            // A name that stands twice in an object means something else to each reader.
            fields.append((names.contains(name) ? "\(name)_" : name, "\(value)"))
        }
        let texts = fields.map { "\(string($0.0)):\(string($0.1))" }
        // What could disguise the line is escaped, too.
        return TerminalText.harmless(json: "{\(texts.joined(separator: ","))}")
    }

    private static func time() -> String {
        var time: [UInt8] = []
        SystemCalls.now().append(to: &time)
        return String(decoding: time, as: UTF8.self)
    }

    private static func string(_ text: String) -> String {
        var bytes: [UInt8] = []
        EventWriter.appendEscaped(text.utf8.span, to: &bytes)
        return "\"\(String(decoding: bytes, as: UTF8.self))\""
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
