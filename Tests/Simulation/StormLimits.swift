internal import Chat
internal import ChatServer
internal import TestSupport

/// The limits of a storm.
enum StormLimits {
    /// Limits that a crowd of this size sometimes exceeds.
    static func drawn(_ random: inout SplitMix64) -> Limits {
        var limits = Limits()
        limits.chat.textCharacters = random.pick([100, 300, 2_000])
        limits.chat.linesPerSecond = random.pick([0, 0, 5])
        limits.chat.errorsPerMinute = random.pick([0, 5, 20])
        limits.connections = random.pick([3, 10, 1_000, 1_000])
        limits.connectionsPerAddress = random.pick([0, 0, 0, 3])
        limits.handshakesPerSecondPerAddress = random.pick([0, 0, 0, 2])
        limits.bytesPerSecond = random.pick([0, 0, 0, 5_000])
        limits.costPerSecond = random.pick([2_000, 2_000, 2_000, 0, 200])
        limits.costBurst = random.pick([20_000, 20_000, 20_000, 1_000])
        limits.debtTimeout = random.pick([0, 5_000, 30_000])
        limits.highWatermark = random.pick([1_000, 10_000, 262_144])
        limits.lowWatermark = limits.highWatermark / 4
        limits.controlWatermark = random.pick([2_000, 65_536])
        limits.roomLogBytes = random.pick([3_000, 30_000, 1_048_576])
        limits.roomLogsGrow = random.pick([false, true])
        limits.bufferBudget = random.pick([100_000, 300_000, 1 << 30])
        limits.compressionBudget = random.pick([0, 3_000, 100_000, 1 << 29])
        limits.resumeLines = random.pick([0, 10, 10_000, 10_000])
        limits.pingInterval = random.pick([0, 5_000, 25_000])
        return limits
    }
}
