/// A breach of RFC 6455 or RFC 7692 by the peer. No later byte from the peer is read (RFC 6455
/// §7.1.7).
public enum ProtocolViolation: Error, Equatable, Sendable {
    case reservedBits
    case reservedOpcode
    case notMasked
    case masked
    case lengthNotMinimal
    case lengthNegative
    case controlFragmented
    case controlTooLong
    case continuationOfNothing
    case messageInterrupted
    case closePayloadTooShort
    case closeCodeInvalid
    case textNotUTF8
    case compressionInvalid
    case messageTooBig
    case tooManyFragments

    /// The code of the Close frame that answers the violation (RFC 6455 §7.4.1).
    public var closeCode: CloseCode {
        switch self {
        case .reservedBits, .reservedOpcode, .notMasked, .masked, .lengthNotMinimal,
            .lengthNegative, .controlFragmented, .controlTooLong, .continuationOfNothing,
            .messageInterrupted, .closePayloadTooShort, .closeCodeInvalid:
            .protocolError
        // RFC 7692 names no code. 1007 fits: the payload's bytes aren't what the frame declares.
        case .textNotUTF8, .compressionInvalid: .invalidPayload
        case .messageTooBig, .tooManyFragments: .messageTooBig
        }
    }

    /// One sentence, short enough for the reason of a Close frame.
    public var reason: String {
        switch self {
        case .reservedBits: "A reserved bit is set."
        case .reservedOpcode: "The opcode is reserved."
        case .notMasked: "A client's frame is not masked."
        case .masked: "A server's frame is masked."
        case .lengthNotMinimal: "The length is not in its shortest form."
        case .lengthNegative: "The length has its top bit set."
        case .controlFragmented: "A control frame is fragmented."
        case .controlTooLong: "A control frame is longer than 125 bytes."
        case .continuationOfNothing: "A continuation frame continues nothing."
        case .messageInterrupted: "A new message starts inside another one."
        case .closePayloadTooShort: "A Close frame has one byte."
        case .closeCodeInvalid: "A Close frame has an invalid code."
        case .textNotUTF8: "The text is not UTF-8."
        case .compressionInvalid: "The message is not valid DEFLATE data."
        case .messageTooBig: "The message is too big."
        case .tooManyFragments: "The message has too many fragments."
        }
    }
}
