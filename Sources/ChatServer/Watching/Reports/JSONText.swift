internal import Chat

/// Writes JSON (RFC 8259) field by field. Each `begin` needs its ``end()``.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    /// The brackets that are open, by what closes them.
    private var open: [UInt8] = []
    private var needsComma = false

    private mutating func key(_ key: String?) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
        guard let key else { return }
        text(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        EventWriter.appendEscaped(text.utf8.span, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func begin(_ bracket: Unicode.Scalar, _ closing: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        open.append(UInt8(ascii: closing))
        needsComma = false
    }

    /// Begins an object: an element of an array if it has no key.
    mutating func beginObject(_ name: String? = nil) {
        key(name)
        begin("{", "}")
    }

    mutating func beginArray(_ name: String? = nil) {
        key(name)
        begin("[", "]")
    }

    mutating func end() {
        guard let closing = open.popLast() else { preconditionFailure("nothing is open") }
        bytes.append(closing)
        needsComma = true
    }

    mutating func field(_ name: String?, _ number: some BinaryInteger) {
        key(name)
        bytes += "\(number)".utf8
    }

    /// A number with one decimal.
    mutating func field(_ name: String?, tenths: Int) {
        key(name)
        bytes += "\(tenths / 10)".utf8
        if tenths % 10 != 0 { bytes += ".\(tenths % 10)".utf8 }
    }

    mutating func field(_ name: String?, _ value: Bool) {
        key(name)
        bytes += (value ? "true" : "false").utf8
    }

    mutating func field(_ name: String?, _ value: String) {
        key(name)
        text(value)
    }

    mutating func field(_ name: String?, _ time: Timestamp) {
        key(name)
        bytes.append(UInt8(ascii: "\""))
        time.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A value that is JSON already.
    mutating func field(_ name: String?, json: [UInt8]) {
        key(name)
        bytes += json
    }
}
