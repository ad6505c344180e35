/// The form of a plain message: the names of its fields, and the text that `JSON.stringify` writes
/// around the two values. A delivered line ends the same way.
enum PlainForm {
    @inline(__always)
    static var username: StaticString { "username" }
    @inline(__always)
    static var message: StaticString { "message" }

    /// Before the user name.
    @inline(__always)
    static var head: StaticString { #"{"username":""# }
    /// Between the user name and the message.
    @inline(__always)
    static var middle: StaticString { #"","message":""# }
    /// After the message.
    @inline(__always)
    static var tail: StaticString { #""}"# }

    /// The two fields of an object, in any order and form. Others are skipped.
    static func fields(
        of text: Span<UInt8>
    ) throws(Refusal) -> (username: JSONField, message: JSONField, hasOthers: Bool) {
        var scanner = JSONScanner()
        var fields = (username: JSONField.missing, message: JSONField.missing, hasOthers: false)
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals(username, in: text) {
                fields.username = try JSONField(&scanner, in: text)
            } else if key.equals(message, in: text) {
                fields.message = try JSONField(&scanner, in: text)
            } else {
                fields.hasOthers = true
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        try scanner.finish(in: text)
        return fields
    }
}
