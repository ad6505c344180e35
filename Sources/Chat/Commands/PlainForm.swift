/// How a plain message is written: the names of its fields, and what `JSON.stringify` writes around
/// the two texts. A line as it is delivered ends in the same way.
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
    /// Behind the message.
    @inline(__always)
    static var tail: StaticString { #""}"# }
}
