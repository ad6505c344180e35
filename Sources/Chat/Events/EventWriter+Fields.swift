/// The parts of events.
extension EventWriter {
    /// Appends the common beginning of events: the brace, the type and, if there are any, the
    /// command's `id` and the `room`.
    static func open(
        _ type: StaticString, id: String? = nil, room: RoomName? = nil, in buffer: inout [UInt8]
    ) {
        begin(type, id: id, in: &buffer)
        buffer.append(addingCapacity: 16 + RoomName.lengthLimit) { rest in
            if let room {
                rest.append(#"","room":""#)
                rest.append(room)
            }
            rest.append(#"""#)
        }
    }

    /// Appends the brace, the type and the `id`, up to the last quote, which is left out.
    static func begin(_ type: StaticString, id: String?, in buffer: inout [UInt8]) {
        buffer.append(addingCapacity: 32 + type.utf8CodeUnitCount) { head in
            head.append(#"{"type":""#)
            head.append(type)
            if id != nil { head.append(#"","id":""#) }
        }
        if let id { appendEscaped(id.utf8.span, to: &buffer) }
    }

    /// Appends a field with a number. `key` includes its comma, quotes and colon.
    static func append(_ key: StaticString, _ number: UInt64, to buffer: inout [UInt8]) {
        buffer.append(key)
        buffer.append(addingCapacity: 20) { $0.append(decimal: number) }
    }

    /// Appends a field with a number that isn't negative. `key` as above.
    static func append(_ key: StaticString, _ number: Int, to buffer: inout [UInt8]) {
        append(key, UInt64(number), to: &buffer)
    }

    /// Appends a Boolean field. `key` as above.
    static func append(_ key: StaticString, _ truth: Bool, to buffer: inout [UInt8]) {
        buffer.append(key)
        buffer.append(truth ? "true" : "false")
    }

    /// Appends a field with an escaped text. `key` as above.
    static func append(_ key: StaticString, _ text: String, to buffer: inout [UInt8]) {
        buffer.append(key)
        buffer.append(#"""#)
        appendEscaped(text.utf8.span, to: &buffer)
        buffer.append(#"""#)
    }

    /// Appends a field with a list of escaped texts. `key` as above.
    static func append(_ key: StaticString, _ texts: [String], to buffer: inout [UInt8]) {
        buffer.append(key)
        var mark: StaticString = "["
        for text in texts {
            append(mark, text, to: &buffer)
            mark = ","
        }
        buffer.append(texts.isEmpty ? "[]" : "]")
    }
}
