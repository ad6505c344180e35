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
}
