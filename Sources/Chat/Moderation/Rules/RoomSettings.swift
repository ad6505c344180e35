/// The settings of a room: its rules, and what moderators have prepared.
public struct RoomSettings: Equatable, Sendable {
    public var rules = RoomRules()
    /// A line that clients show at the top.
    public var pinned: UInt64?
    /// The rules that `panic` applies.
    public var prepared = RoomRules.Patch(slowSeconds: 30, membersOnly: true)
    /// The rules before `panic`, while it is on.
    public var before: RoomRules?

    public init() {}

    /// Settings to change. Nil leaves one as it is.
    public struct Patch: Equatable, Sendable {
        public var rules = RoomRules.Patch()
        /// The inner nil takes the pin away.
        public var pinned: UInt64??
        public var prepared: RoomRules.Patch?

        public init() {}
    }

    public func applying(_ patch: Patch) -> RoomSettings {
        var settings = self
        settings.rules = patch.rules.applied(to: rules)
        if let pinned = patch.pinned { settings.pinned = pinned }
        settings.prepared = patch.prepared ?? prepared
        return settings
    }

    /// The settings with panic on or off. What was before comes back.
    public func panicking(_ isOn: Bool) -> RoomSettings {
        var settings = self
        if isOn, before == nil {
            settings.before = rules
            settings.rules = prepared.applied(to: rules)
        } else if !isOn, let before {
            settings.rules = before
            settings.before = nil
        }
        return settings
    }

    /// The settings without a change from `old` to `new`. What was changed since then stays.
    package func undoing(from old: RoomSettings, to new: RoomSettings) -> RoomSettings {
        var settings = self
        func back<Value: Equatable>(_ path: WritableKeyPath<RoomSettings, Value>) {
            if old[keyPath: path] != new[keyPath: path] {
                settings[keyPath: path] = old[keyPath: path]
            }
        }
        back(\.rules.slowSeconds)
        back(\.rules.membersOnly)
        back(\.rules.knownMinutes)
        back(\.rules.unique)
        back(\.rules.links)
        back(\.rules.frozen)
        back(\.rules.holdSeconds)
        back(\.pinned)
        back(\.prepared)
        back(\.before)
        return settings
    }

    /// The settings after a change that somebody wants. Nil if it changes no settings.
    public func after(_ wanted: Moderation) -> RoomSettings? {
        switch wanted {
        case .delete, .ban, .unban, .purge, .terms, .approve, .reject, .undo: nil
        case .settings(let patch): applying(patch)
        case .panic(let isOn): panicking(isOn)
        }
    }
}
