/// What events are made of.
extension EventWriter {
    /// The beginning that events have in common: the brace, the type, and of the command's `id` and
    /// the `room` what there is.
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

    /// The brace, the type and the `id`, up to the quote that ends the last of them.
    static func begin(_ type: StaticString, id: String?, in buffer: inout [UInt8]) {
        buffer.append(addingCapacity: 32 + type.utf8CodeUnitCount) { head in
            head.append(#"{"type":""#)
            head.append(type)
            if id != nil { head.append(#"","id":""#) }
        }
        if let id { appendEscaped(id.utf8.span, to: &buffer) }
    }

    /// A field with a number, whose `key` comes with its comma, quotes and colon.
    static func append(_ key: StaticString, _ number: UInt64, to buffer: inout [UInt8]) {
        buffer.append(key)
        buffer.append(addingCapacity: 20) { $0.append(decimal: number) }
    }

    /// A field with a number that isn't negative. `key` as above.
    static func append(_ key: StaticString, _ number: Int, to buffer: inout [UInt8]) {
        append(key, UInt64(number), to: &buffer)
    }

    /// A field with a truth value. `key` as above.
    static func append(_ key: StaticString, _ truth: Bool, to buffer: inout [UInt8]) {
        buffer.append(key)
        buffer.append(truth ? "true" : "false")
    }

    /// A field with a text, which is escaped. `key` as above.
    static func append(_ key: StaticString, _ text: String, to buffer: inout [UInt8]) {
        buffer.append(key)
        buffer.append(#"""#)
        appendEscaped(text.utf8.span, to: &buffer)
        buffer.append(#"""#)
    }

    /// A field with a list of texts, each of them escaped. `key` as above.
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
