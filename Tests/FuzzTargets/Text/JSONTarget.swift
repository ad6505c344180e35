internal import Chat
internal import Foundation

/// A command is understood as an independent decoder understands it, or refused. Events about it
/// can be read again.
enum JSONTarget {
    static func run(_ input: [UInt8]) throws(BrokenPromise) {
        switch parsed(input) {
        case .success(let message): try accepted(message, from: input)
        case .failure(let refusal): try refused(refusal)
        }
        try runCommand(input)
    }

    private static func accepted(
        _ message: PlainMessage, from input: [UInt8]
    ) throws(BrokenPromise) {
        if String(validating: input, as: UTF8.self) != nil, hasUniqueKeys(input) {
            let fields = try? JSONSerialization.jsonObject(with: Data(input)) as? [String: Any]
            // The decoder gives up on numbers that a Double can't hold, and on its own limit of
            // nesting.
            if let fields {
                try expectSame(fields["username"], message.username)
                try expectSame(fields["message"], message.message)
            }
        }
        // A line has "username" and "message", like a command.
        var line: [UInt8] = []
        EventWriter.line(
            room: .lobby, seq: .max, time: Timestamp(milliseconds: 0), username: message.username,
            message: message.message, into: &line)
        let again = parsed(line)
        guard case .success(let read) = again, read == message else {
            throw BrokenPromise("\(message) was written and read as \(again)")
        }
        try checkTexts(of: message)
    }

    /// Texts that pass the checks pass them again, unchanged.
    private static func checkTexts(of message: PlainMessage) throws(BrokenPromise) {
        let limits = ChatLimits()
        if let name = try? ChatText.checkedUsername(message.username, limits: limits) {
            let count = name.unicodeScalars.count
            try expect(1...limits.usernameCharacters ~= count, "a name of \(count) characters")
            let again = try? ChatText.checkedUsername(name, limits: limits)
            try expect(again == name, "\(name.debugDescription) became another name")
        }
        if let text = try? ChatText.checkedMessage(message.message, limits: limits) {
            try expect(text == message.message, "the message was changed")
            let count = text.unicodeScalars.count
            try expect(1...limits.textCharacters ~= count, "a text of \(count) characters")
        }
    }

    private static func refused(_ refusal: Refusal) throws(BrokenPromise) {
        try expect(
            refusal.code == .invalidJSON || refusal.code == .invalidCommand, "\(refusal.code)")
        var event: [UInt8] = []
        EventWriter.error(refusal, id: "\u{1}\"\\", into: &event)
        guard case .failure(let found) = parsed(event), found.code == .invalidCommand else {
            throw BrokenPromise("the error is not JSON: \(String(decoding: event, as: UTF8.self))")
        }
    }

    private static func parsed(_ bytes: [UInt8]) -> Result<PlainMessage, Refusal> {
        do throws(Refusal) {
            return .success(try PlainMessage.parse(bytes.span))
        } catch {
            return .failure(error)
        }
    }

    /// Whether no field can appear twice. Decoders may differ on that (RFC 8259 section 4).
    private static func hasUniqueKeys(_ input: [UInt8]) -> Bool {
        input.count { $0 == UInt8(ascii: ":") } <= 2
    }

    private static func expectSame(_ found: Any?, _ text: String) throws(BrokenPromise) {
        let isSame = (found as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true
        try expect(isSame, "\(text.debugDescription) is \(found.debugDescription) elsewhere")
    }
}
