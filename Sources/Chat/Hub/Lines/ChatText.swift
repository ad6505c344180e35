/// The rules for user names and messages. Characters are Unicode scalars.
public enum ChatText {
    /// The user name without surrounding white space. It has 1 to `limits.usernameCharacters`
    /// characters, at least one of them visible, and no control character.
    public static func checkedUsername(
        _ username: String, limits: ChatLimits
    ) throws(Refusal) -> String {
        if isPlain(username: username.utf8.span, limits: limits) { return username }
        let name = trimmed(username)
        if let count = name.excess(over: limits.usernameCharacters) {
            throw .usernameTooLong(count, limit: limits.usernameCharacters)
        }
        if let control = name.unicodeScalars.first(where: isControl) {
            throw .controlCharacter(control)
        }
        guard hasVisible(name) else { throw .usernameEmpty }
        return name
    }

    /// The message, unchanged. It has 1 to `limits.textCharacters` characters, at least one of them
    /// visible.
    public static func checkedMessage(
        _ message: String, limits: ChatLimits
    ) throws(Refusal) -> String {
        if isPlain(message: message.utf8.span, limits: limits) { return message }
        guard hasVisible(message) else { throw .messageEmpty }
        if let count = message.excess(over: limits.textCharacters) {
            throw .messageTooLong(count, limit: limits.textCharacters)
        }
        return message
    }

    /// Whether a byte is a visible ASCII character, which is allowed everywhere and is a character
    /// of its own.
    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool { 0x21..<0x7F ~= byte }

    /// Whether a name passes at once, like most do: it has only plain bytes, and no more bytes than
    /// characters are allowed.
    private static func isPlain(username: Span<UInt8>, limits: ChatLimits) -> Bool {
        guard fits(username: username.count, limits), !username.isEmpty else { return false }
        for index in username.indices where !isPlain(username[index]) {
            return false
        }
        return true
    }

    /// The name, if it passes at once and is short.
    @inline(__always)
    static func plainName(_ username: Span<UInt8>, limits: ChatLimits) -> ShortName? {
        fits(username: username.count, limits) ? ShortName(username) : nil
    }

    /// Whether a message passes at once, like most do: it begins with a plain byte, and has no more
    /// bytes than characters are allowed. Each character has at least one byte.
    @inline(__always)
    static func isPlain(message: Span<UInt8>, limits: ChatLimits) -> Bool {
        (limits.textCharacters == 0 || message.count <= limits.textCharacters)
            && !message.isEmpty && isPlain(message[0])
    }

    @inline(__always)
    private static func fits(username bytes: Int, _ limits: ChatLimits) -> Bool {
        bytes <= limits.usernameCharacters
    }

    /// A text without white space at its ends.
    public static func trimmed(_ text: String) -> String {
        let rest = text.unicodeScalars.drop(while: isWhiteSpace)
        guard let end = rest.lastIndex(where: { !isWhiteSpace($0) }) else { return "" }
        return String(rest[...end])
    }

    private static func hasVisible(_ text: String) -> Bool {
        text.unicodeScalars.contains(where: isVisible)
    }

    /// White space and characters that Unicode says to render as nothing, such as zero-width
    /// spaces, Hangul fillers and variation selectors, aren't visible. Control characters count as
    /// visible, because many programs draw something for them. The chat page has the same rule in
    /// `signs.js`. Tests check both against `Tests/text-vectors.json`.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return !isWhiteSpace(scalar) }
        let properties = scalar.properties
        return !isBlank(scalar) && !properties.isWhitespace
            && !properties.isDefaultIgnorableCodePoint
    }

    /// Characters without a glyph that no property shows: the Braille pattern without dots,
    /// interlinear annotation, hieroglyphic controls and blanks, the Khitan filler, and the null
    /// notehead.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2800, 0xFFF9...0xFFFB, 0x13430...0x1343F, 0x13441, 0x13442, 0x16FE4, 0x1D159: true
        default: false
        }
    }

    private static func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20: true
        case 0..<0x80: false
        default: scalar.properties.isWhitespace
        }
    }

    /// Whether it is in the general category Cc, which Unicode guarantees never to change.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value
    }
}

extension String {
    /// The number of Unicode scalars if it is over `limit`. A limit of 0 means none.
    fileprivate func excess(over limit: Int) -> Int? {
        // Each scalar has at least one byte, so most texts needn't be counted.
        guard limit > 0, utf8.count > limit else { return nil }
        let count = unicodeScalars.count
        return count > limit ? count : nil
    }
}
