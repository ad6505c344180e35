internal import Chat
internal import Foundation

/// The same for the commands of the rich dialect.
extension JSONTarget {
    static func runCommand(_ input: [UInt8]) throws(BrokenPromise) {
        let envelope = Command.parse(input.span)
        let fields = unambiguousFields(input)
        if let id = envelope.id {
            try expect(1...Command.idLengthLimit ~= id.utf8.count, "\(id.debugDescription)")
            if let fields { try expectText(fields["id"], id) }
        }
        try checkReply(to: envelope)
        switch envelope.command {
        case .success(let command):
            if let fields { try check(command, is: fields) }
            try checkRange(of: command)
        case .failure(let refusal):
            try check(refusal, of: input)
        }
    }

    /// A reply can be read again and has the command's id. An event is never a valid command.
    private static func checkReply(to envelope: CommandEnvelope) throws(BrokenPromise) {
        var reply: [UInt8] = []
        switch envelope.command {
        case .success:
            EventWriter.ack(
                id: envelope.id, room: .lobby, seq: .max, time: Timestamp(milliseconds: 0),
                into: &reply)
        case .failure(let refusal):
            EventWriter.error(refusal, id: envelope.id, into: &reply)
        }
        let read = Command.parse(reply.span)
        guard read.id == envelope.id, case .failure(let refusal) = read.command,
            refusal.code == .unknownType
        else { throw BrokenPromise("the reply \(String(decoding: reply, as: UTF8.self))") }
    }

    private static func check(
        _ refusal: Refusal, of input: [UInt8]
    ) throws(BrokenPromise) {
        switch refusal.code {
        case .invalidJSON, .invalidCommand, .unknownType, .invalidRoom: break
        default: throw BrokenPromise("\(refusal.code)")
        }
        try expect(refusal.reason.utf8.count < 256, "a long reason: \(refusal.reason)")
        guard String(validating: input, as: UTF8.self) != nil else { return }
        // Both dialects agree on which JSON is broken.
        var plain: Refusal.Code?
        do throws(Refusal) { _ = try PlainMessage.parse(input.span) } catch { plain = error.code }
        let isBroken = (plain == .invalidJSON, refusal.code == .invalidJSON)
        try expect(isBroken.0 == isBroken.1, "\(isBroken)")
    }

    private static func checkRange(of command: Command) throws(BrokenPromise) {
        switch command {
        case .join(_, _, .last(let count), _):
            try expect(0...Command.lineLimit ~= count, "the last \(count) lines")
        case .history(_, _, let limit):
            try expect(1...Command.lineLimit ~= limit, "\(limit) lines")
        case .moderate(_, .delete(let seqs)):
            try expect(1...Moderation.lineLimit ~= seqs.count, "\(seqs.count) lines")
        case .oversee(.disconnect(_, let reason)):
            try expect(reason.utf8.count <= Oversight.reasonBytes, "a reason of \(reason)")
        case .join, .leave, .message, .members, .auth, .moderate, .report, .announce, .oversee:
            break
        }
    }

    private static func check(
        _ command: Command, is fields: [String: Any]
    ) throws(BrokenPromise) {
        switch command {
        case .join(let room, let username, let start, let rev):
            try expectTexts(fields, ["type": "join", "room": room.text, "username": username])
            if let rev { try expectNumber(fields["rev"], rev) }
            try check(start, is: fields)
        case .leave(let room):
            try expectTexts(fields, ["type": "leave", "room": room.text])
        case .message(let room, let message, let username):
            try expectTexts(fields, ["type": "message", "room": room.text])
            try expectTexts(fields, ["message": message, "username": username])
        case .history(let room, let before, let limit):
            try expectTexts(fields, ["type": "history", "room": room.text])
            try expectNumber(fields["before"], before)
            try expectNumber(fields["limit"], UInt64(limit))
        case .members(let room):
            try expectTexts(fields, ["type": "members", "room": room.text])
        case .auth(let token):
            try expectTexts(fields, ["type": "auth", "token": token])
        case .announce(let room, let message):
            try expectTexts(fields, ["type": "announce", "room": room.text, "message": message])
        case .oversee(let wanted): try check(wanted, is: fields)
        case .moderate(let room, .settings):
            try expectTexts(fields, ["type": "settings", "room": room.text])
        case .moderate(let room, .ban(let order)):
            let type = order.isTimeout ? "timeout" : "ban"
            try expectTexts(fields, ["type": type, "room": room.text])
            try check(order.who, is: fields)
        case .moderate(let room, .unban(let order)):
            try expectTexts(fields, ["type": "unban", "room": room.text])
            switch order {
            case .rev(let rev): try expectNumber(fields["rev"], rev)
            case .who(let who): try check(who, is: fields)
            }
        case .moderate(let room, .purge(let order)):
            try expectTexts(
                fields, ["type": "purge", "room": room.text, "matching": order.matching])
            if let seq = order.line { try expectNumber(fields["by_line"], seq) }
            try expect(order.users == fields["users"] as? [String] ?? [], "other users")
        case .moderate(let room, .undo(let rev)):
            try expectTexts(fields, ["type": "undo", "room": room.text])
            try expectNumber(fields["rev"], rev)
        case .moderate(let room, .approve(let held)):
            try expectTexts(fields, ["type": "approve", "room": room.text])
            if held > 0 { try expectTexts(fields, ["held": "\(held)"]) }
        case .moderate(let room, .reject(let held)):
            try expectTexts(fields, ["type": "reject", "room": room.text])
            if held > 0 { try expectTexts(fields, ["held": "\(held)"]) }
        case .moderate(let room, .terms(let order)):
            try expectTexts(fields, ["type": "terms", "room": room.text])
            try expect(
                order.added.count == (fields["add"] as? [Any] ?? []).count, "other terms")
            try expect(
                order.removed.count == (fields["remove"] as? [Any] ?? []).count, "other texts")
        case .report(let room, .terms(let after, let limit)):
            try expectTexts(fields, ["type": "terms", "room": room.text])
            try expect(after == fields["after"] as? String ?? "", "another place")
            if let field = fields["limit"] { try expectNumber(field, UInt64(limit)) }
        case .report(let room, .log(let before, let limit)):
            try expectTexts(fields, ["type": "modlog", "room": room.text])
            if let field = fields["before"] { try expectNumber(field, before) }
            if let field = fields["limit"] { try expectNumber(field, UInt64(limit)) }
        case .report(let room, .bans(let after, let limit)):
            try expectTexts(fields, ["type": "bans", "room": room.text])
            if let field = fields["after"] { try expectNumber(field, after) }
            if let field = fields["limit"] { try expectNumber(field, UInt64(limit)) }
        case .moderate(let room, .panic(let isOn)):
            try expectTexts(fields, ["type": "panic", "room": room.text])
            try expect(fields["on"] as? Bool == isOn, "another switch")
        case .moderate(let room, .delete(let seqs)):
            try expectTexts(fields, ["type": "delete", "room": room.text])
            guard let numbers = fields["seqs"] as? [Any] else {
                return try expectNumber(fields["seq"], seqs[0])
            }
            try expect(numbers.count == seqs.count, "\(seqs.count) lines")
            for (number, seq) in zip(numbers, seqs) { try expectNumber(number, seq) }
        }
    }

    private static func check(
        _ who: BanOrder.Who, is fields: [String: Any]
    ) throws(BrokenPromise) {
        switch who {
        case .user(let user): try expectText(fields["user"], user)
        case .username: try expect(fields["username"] is String, "a name from nowhere")
        case .line(let seq): try expectNumber(fields["by_line"], seq)
        }
    }

    private static func check(
        _ start: JoinStart, is fields: [String: Any]
    ) throws(BrokenPromise) {
        switch start {
        case .resume(let epoch, let seq):
            let after = fields["after"] as? [String: Any]
            try expectText(after?["epoch"], epoch)
            try expectNumber(after?["seq"], seq)
        case .last(let count):
            try expect(fields["after"] == nil, "after was overlooked")
            try expectNumber(fields["history"] ?? 50, UInt64(count))
        }
    }

    static func expectTexts(
        _ fields: [String: Any], _ texts: [String: String?]
    ) throws(BrokenPromise) {
        for (name, text) in texts { try expectText(fields[name], text) }
    }

    private static func expectText(_ found: Any?, _ text: String?) throws(BrokenPromise) {
        let isSame =
            if let text {
                (found as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true
            } else { found == nil }
        try expect(isSame, "\(text.debugDescription) is \(found.debugDescription) elsewhere")
    }

    static func expectNumber(_ found: Any?, _ number: UInt64) throws(BrokenPromise) {
        let isSame = (found as? NSNumber)?.uint64Value == number
        try expect(isSame, "\(number) is \(found.debugDescription) elsewhere")
    }

    /// The fields of an object without repeated keys, on which decoders may differ (RFC 8259
    /// section 4). Also nil if the other decoder gives up, as it does on numbers that a Double
    /// can't hold and on its own limit of nesting.
    private static func unambiguousFields(_ input: [UInt8]) -> [String: Any]? {
        guard String(validating: input, as: UTF8.self) != nil,
            let object = try? JSONSerialization.jsonObject(with: Data(input)) as? [String: Any],
            input.count(where: { $0 == UInt8(ascii: ":") }) == entries(in: object)
        else { return nil }
        return object
    }

    /// The number of entries of all objects in a value.
    private static func entries(in value: Any) -> Int {
        switch value {
        case let object as [String: Any]:
            object.values.reduce(object.count) { $0 + entries(in: $1) }
        case let array as [Any]:
            array.reduce(0) { $0 + entries(in: $1) }
        default:
            0
        }
    }
}
