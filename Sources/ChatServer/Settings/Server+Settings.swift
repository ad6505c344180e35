internal import Chat
internal import Reactor
internal import WebSocket

/// New settings while the server runs.
extension Server where Net: ~Copyable {
    /// Takes the settings that have arrived, if a reload is over.
    @inline(__always)
    mutating func takeSettings() {
        guard let inbox = supervision.inbox, inbox.hasNews else { return }
        take(from: inbox)
    }

    @inline(never)
    private mutating func take(from inbox: SettingsInbox) {
        let settings = inbox.take()
        if let settings { settingsChanged(settings) }
        supervision.tell(.reloaded)
    }

    /// Replaces all settings, for new work at once. Of existing connections, deadlines are set
    /// anew, and rates and sizes hold from the next byte on. What a connection has agreed on with
    /// its client stays.
    mutating func settingsChanged(_ settings: Settings) {
        let table = limits.connections
        limits = settings.limits
        limits.connections = table
        wire = WireRules(settings, keeping: wire.inflater)
        network.timeoutsChanged(record: limits.messageTimeout)
        addresses.limitsChanged(limits, settings.proxies)
        allowances.limitsChanged(limits, count: connections.endIndex, at: clock.now)
        connections.limitsChanged(limits)
        hub.limitsChanged(limits.chat, sendBytes: limits.sendBytes)
        streams.settingsChanged(
            limits, compression: settings.compression, hub, connections, at: clock.coarse,
            pool: &outbox.pool)
        history.draftBytes = limits.draftBytes
        outbox.welcomeChanged(WireRules.welcome(limits, isDurable: !history.isInPlace))
        identities.names.reservedChanged(settings.reservedNames)
        identities.programs.keys = settings.apiKeys
        documents.originsChanged(settings.origins)
        connectionLog.levelChanged()
        supervision.settingsChanged()
        monitor.changedLimits = settings.changedLimits
    }

    /// The limit of a request's head has become smaller than what has arrived of it.
    mutating func refuseHead(_ index: Int, _ end: Int, _ offset: inout Int) {
        offset = end
        failedHandshake(.malformed)
        respond(
            index, .requestHeaderFieldsTooLarge,
            "The request head is longer than \(limits.headBytes) bytes.", keepsAlive: false)
    }
}
