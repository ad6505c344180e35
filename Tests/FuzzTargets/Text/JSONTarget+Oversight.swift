internal import Chat

/// What operators want, compared with the fields of its text.
extension JSONTarget {
    static func check(
        _ wanted: Oversight, is fields: [String: Any]
    ) throws(BrokenPromise) {
        switch wanted {
        case .figures(let after):
            try expectTexts(fields, ["type": "server"])
            if let after { try expectNumber(fields["after"], after) }
        case .inspect(let subject):
            try expectTexts(fields, ["type": "inspect"])
            try check(subject, is: fields)
        case .disconnect(let subject, let reason):
            try expectTexts(fields, ["type": "disconnect"])
            try check(subject, is: fields)
            try expect(reason == fields["reason"] as? String ?? "", "another reason")
        case .revoke(let tokens):
            try expectTexts(fields, ["type": "revoke"])
            try check(tokens, is: fields)
        }
    }

    private static func check(
        _ subject: Oversight.Subject, is fields: [String: Any]
    ) throws(BrokenPromise) {
        switch subject {
        case .room(let room): try expectTexts(fields, ["room": room.text])
        case .user(let user): try expectTexts(fields, ["user": user])
        case .connection(let name): try expectTexts(fields, ["connection": name])
        }
    }

    private static func check(
        _ tokens: Oversight.Tokens, is fields: [String: Any]
    ) throws(BrokenPromise) {
        switch tokens {
        case .user(let sub, let time):
            try expectTexts(fields, ["sub": sub])
            if let time { try expectNumber(fields["issued_before"], UInt64(time)) }
        case .token(let jti): try expectTexts(fields, ["jti": jti])
        case .all(let time): try expectNumber(fields["issued_before"], UInt64(time))
        }
    }
}
