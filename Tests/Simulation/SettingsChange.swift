internal import Chat
internal import ChatServer
internal import TestSupport

/// New settings in the middle of a storm.
enum SettingsChange {
    /// Draws settings that no client knows about, so that none is wrong because of them.
    static func draw(into settings: inout Settings, _ random: inout SplitMix64) {
        var limits = settings.limits
        limits.highWatermark = random.pick([1_000, 10_000, 262_144])
        limits.lowWatermark = limits.highWatermark / random.pick([2, 4])
        limits.controlWatermark = max(limits.controlWatermark, random.pick([2_000, 65_536]))
        limits.roomLogBytes = random.pick([3_000, 30_000, 1_048_576])
        limits.roomLogsGrow = random.pick([false, true])
        limits.coalesce = random.pick([0, 1, 20, 200])
        limits.slowTimeout = random.pick([10_000, 20_000])
        limits.closeTimeout = random.pick([5_000, 7_000])
        if limits.pingInterval > 0 { limits.pingInterval = random.pick([5_000, 25_000]) }
        if limits.costPerSecond == 0 || limits.costPerSecond == 2_000 {
            limits.costPerSecond = random.pick([0, 2_000])
        }
        if limits.bytesPerSecond > 0 { limits.bytesPerSecond = random.pick([5_000, 50_000]) }
        if limits.chat.linesPerSecond > 0 { limits.chat.linesPerSecond = random.pick([5, 50]) }
        settings.limits = limits
        settings.compression = random.pick([false, true])
    }
}
