/// Settings as JSON: in events, in commands, and in the store.
extension RoomSettings {
    /// The text that ``init(stored:)`` reads.
    package var stored: String {
        var bytes: [UInt8] = []
        EventWriter.appendSettings(self, withBefore: true, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil if the text can't be read.
    package init?(stored text: String) {
        guard let fields = try? SettingsFields(text.utf8.span), let patch = try? fields.patch()
        else { return nil }
        self = RoomSettings().applying(patch)
        before = fields.before?.applied(to: RoomRules())
    }
}

extension EventWriter {
    /// The settings of a room have changed.
    public static func room(
        _ room: RoomName, rev: UInt64, _ settings: RoomSettings, into buffer: inout [UInt8]
    ) {
        open("room", room: room, in: &buffer)
        append(#","rev":"#, rev, to: &buffer)
        buffer.append(#","settings":"#)
        appendSettings(settings, withBefore: false, to: &buffer)
        buffer.append("}")
    }

    /// The settings of a room as an object.
    package static func text(of settings: RoomSettings) -> [UInt8] {
        var buffer: [UInt8] = []
        appendSettings(settings, withBefore: false, to: &buffer)
        return buffer
    }

    /// Appends an object with all settings. `panicking` says whether panic is on.
    static func appendSettings(
        _ settings: RoomSettings, withBefore: Bool, to buffer: inout [UInt8]
    ) {
        buffer.append("{")
        appendRules(RoomRules.Patch(settings.rules), to: &buffer)
        if let pinned = settings.pinned {
            append(#","pinned":"#, pinned, to: &buffer)
        } else {
            buffer.append(#","pinned":null"#)
        }
        append(#","panicking":"#, settings.before != nil, to: &buffer)
        buffer.append(#","panic":{"#)
        appendRules(settings.prepared, to: &buffer)
        buffer.append("}")
        if withBefore, let before = settings.before {
            buffer.append(#","before":{"#)
            appendRules(RoomRules.Patch(before), to: &buffer)
            buffer.append("}")
        }
        buffer.append("}")
    }

    /// Appends a field with the settings that somebody changes. `key` includes its comma, quotes
    /// and colon.
    static func append(
        _ key: StaticString, _ patch: RoomSettings.Patch, to buffer: inout [UInt8]
    ) {
        buffer.append(key)
        buffer.append("{")
        let start = buffer.count
        appendRules(patch.rules, to: &buffer)
        if let pinned = patch.pinned {
            buffer.append(buffer.count > start ? "," : "")
            if let pinned {
                append(#""pinned":"#, pinned, to: &buffer)
            } else {
                buffer.append(#""pinned":null"#)
            }
        }
        if let prepared = patch.prepared {
            buffer.append(buffer.count > start ? "," : "")
            buffer.append(#""panic":{"#)
            appendRules(prepared, to: &buffer)
            buffer.append("}")
        }
        buffer.append("}")
    }

    private static func appendRules(_ rules: RoomRules.Patch, to buffer: inout [UInt8]) {
        let start = buffer.count
        if let seconds = rules.slowSeconds { append(#","slow_seconds":"#, seconds, to: &buffer) }
        if let isOn = rules.membersOnly { append(#","members_only":"#, isOn, to: &buffer) }
        if let minutes = rules.knownMinutes {
            append(#","known_minutes":"#, minutes, to: &buffer)
        }
        if let isOn = rules.unique { append(#","unique":"#, isOn, to: &buffer) }
        if let isOn = rules.links { append(#","links":"#, isOn, to: &buffer) }
        if let isOn = rules.frozen { append(#","frozen":"#, isOn, to: &buffer) }
        if let seconds = rules.holdSeconds { append(#","hold_seconds":"#, seconds, to: &buffer) }
        // The first field has no comma.
        if buffer.count > start { buffer.remove(at: start) }
    }
}
