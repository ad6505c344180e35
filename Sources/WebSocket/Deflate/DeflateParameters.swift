/// The parameters of permessage-deflate in an offer or an answer (RFC 7692 §7.1).
public struct DeflateParameters: Equatable, Sendable {
    /// The server's messages don't refer to those before them (§7.1.1.1).
    public var serverNoContextTakeover: Bool
    /// The client's messages don't refer to those before them (§7.1.1.2).
    public var clientNoContextTakeover: Bool
    /// The largest window of the server, 8 to 15 bits. Nil if it isn't mentioned (§7.1.2.1).
    public var serverMaxWindowBits: Int?
    /// The largest window of the client, 8 to 15 bits. Nil if it isn't mentioned. If an offer only
    /// says that the client can be limited, it is 15, which means the same (§7.1.2.2).
    public var clientMaxWindowBits: Int?

    public init(
        serverNoContextTakeover: Bool = false, clientNoContextTakeover: Bool = false,
        serverMaxWindowBits: Int? = nil, clientMaxWindowBits: Int? = nil
    ) {
        let bits = ZlibStream.windowBits
        precondition(serverMaxWindowBits.map(bits.contains) ?? true)
        precondition(clientMaxWindowBits.map(bits.contains) ?? true)
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverMaxWindowBits = serverMaxWindowBits
        self.clientMaxWindowBits = clientMaxWindowBits
    }

    /// Bytes of memory that a server needs for the client's context. 0 if it keeps none.
    public var contextBytes: Int {
        clientNoContextTakeover ? 0 : Self.contextBytes(windowBits: clientWindowBits)
    }

    /// The largest number of bytes that a ``Session`` takes for messages that refer to a window of
    /// this size.
    public static func contextBytes(windowBits: Int) -> Int {
        InflateWindow.largestCost(bits: windowBits)
    }

    /// Bits of the window that the server compresses with.
    public var serverWindowBits: Int { serverMaxWindowBits ?? ZlibStream.maximumWindowBits }
    /// Bits of the window that the client compresses with.
    public var clientWindowBits: Int { clientMaxWindowBits ?? ZlibStream.maximumWindowBits }

    /// The parameters that both ends use if this is a client's offer and `answer` a server's. Nil
    /// if the answer doesn't fit the offer, so that the client must not continue (§5.1).
    func agreement(on answer: DeflateParameters) -> DeflateParameters? {
        if serverNoContextTakeover, !answer.serverNoContextTakeover { return nil }
        if let offered = serverMaxWindowBits {
            guard let answered = answer.serverMaxWindowBits, answered <= offered else { return nil }
        }
        guard let offered = clientMaxWindowBits else {
            return answer.clientMaxWindowBits == nil ? answer : nil
        }
        // A server may answer with a larger window, or with none. The client keeps its own
        // (§7.1.2.2).
        var agreement = answer
        agreement.clientMaxWindowBits = min(offered, answer.clientWindowBits)
        return agreement
    }
}

extension DeflateParameters {
    /// Whether parameters belong to an offer or to an answer.
    enum Side {
        case offer
        case answer
    }

    private static let name = "permessage-deflate"

    /// These parameters as a value of `Sec-WebSocket-Extensions`.
    var fieldValue: String {
        var value = Self.name
        if serverNoContextTakeover { value += "; server_no_context_takeover" }
        if clientNoContextTakeover { value += "; client_no_context_takeover" }
        if let bits = serverMaxWindowBits { value += "; server_max_window_bits=\(bits)" }
        if let bits = clientMaxWindowBits { value += "; client_max_window_bits=\(bits)" }
        return value
    }

    /// The parameters of the extension whose name was found last. Nil if it is another extension,
    /// or if a parameter is unknown, occurs twice, or has an invalid value. Such an offer is
    /// declined, and such an answer ends the handshake (§7.1).
    static func parse(
        _ name: Range<Int>, _ list: inout ExtensionList, in bytes: Span<UInt8>, as side: Side
    ) throws(MalformedExtensions) -> DeflateParameters? {
        var result = DeflateParameters()
        var isValid = bytes.matches(name, Self.name)
        while let parameter = try list.nextParameter(in: bytes) {
            isValid = isValid && result.take(parameter, in: bytes, as: side)
        }
        return isValid ? result : nil
    }

    /// Takes a parameter, and returns whether it is allowed.
    private mutating func take(
        _ parameter: ExtensionList.Parameter, in bytes: Span<UInt8>, as side: Side
    ) -> Bool {
        let (name, value) = (parameter.name, parameter.value)
        if bytes.matches(name, "server_no_context_takeover") {
            return Self.take(value, as: &serverNoContextTakeover)
        } else if bytes.matches(name, "client_no_context_takeover") {
            return Self.take(value, as: &clientNoContextTakeover)
        } else if bytes.matches(name, "server_max_window_bits") {
            return Self.take(value, in: bytes, as: &serverMaxWindowBits)
        } else if bytes.matches(name, "client_max_window_bits") {
            guard value == nil, side == .offer, clientMaxWindowBits == nil else {
                return Self.take(value, in: bytes, as: &clientMaxWindowBits)
            }
            clientMaxWindowBits = ZlibStream.maximumWindowBits
            return true
        }
        return false
    }

    private static func take(_ value: Range<Int>?, as flag: inout Bool) -> Bool {
        guard value == nil, !flag else { return false }
        flag = true
        return true
    }

    /// Takes a number from 8 to 15 without leading zeros.
    private static func take(
        _ value: Range<Int>?, in bytes: Span<UInt8>, as field: inout Int?
    ) -> Bool {
        guard let value, field == nil else { return false }
        var bits = 0
        // Only a quoted string has backslashes. They have no effect before a digit.
        for index in value where bytes[index] != ExtensionList.backslash {
            let digit = Int(bytes[index]) - 0x30
            guard (0...9).contains(digit), bits < 10, bits + digit > 0 else { return false }
            bits = bits * 10 + digit
        }
        guard ZlibStream.windowBits.contains(bits) else { return false }
        field = bits
        return true
    }
}
