internal import Glibc
internal import Reactor

/// The scenario: everybody is in one room, some talk at a steady rate, all listen.
struct Broadcast {
    struct Settings: Encodable {
        var target: Target
        var connections: Int
        /// Connections that send lines.
        var senders: Int
        /// Lines a second, all senders together.
        var rate: Double
        /// Seconds that are measured, and seconds before that which aren't.
        var duration: Double
        var warmup: Double
        /// Bytes of a line's text.
        var payload: Int
    }

    /// Milliseconds without any delivery after which what is missing is lost.
    private static let patience: UInt64 = 3_000
    /// Milliseconds for the server to answer our Close.
    private static let closePatience: UInt64 = 2_000
    /// Milliseconds after the end in which lines that are overdue are still sent.
    private static let overtime: UInt64 = 1_000
    /// Lines that are sent before we look at what came.
    private static let linesAtOnce = 64
    /// Nanoseconds from the last handshake to the first line.
    private static let pause: UInt64 = 10_000_000

    let settings: Settings

    /// Runs to the end, or to a signal.
    func run() throws(Failure) -> Report {
        var buffer = Crowd.makeReceiveBuffer()
        var crowd = try Crowd(
            target: settings.target, size: settings.connections, textBytes: settings.payload)
        let opening = crowd.now
        try crowd.openAll(buffer: &buffer)
        let opened = Report.Opening(
            connections: crowd.opened, seconds: seconds(from: opening, to: crowd.now))

        let start = Instant(nanoseconds: crowd.now.nanoseconds + Self.pause)
        crowd.timing.from = after(start, settings.warmup)
        let (processorTime, bytes) = (clock(), crowd.bytesReceived)
        let lines = try talk(&crowd, from: start, buffer: &buffer)
        try settle(&crowd, buffer: &buffer)
        crowd.verifier.finish()

        let deliveries = Report.Deliveries(
            count: crowd.verifier.delivered,
            seconds: seconds(from: start, to: max(crowd.timing.lastDelivery, start)),
            bytes: crowd.bytesReceived - bytes,
            processorSeconds: Double(clock() - processorTime) / Double(CLOCKS_PER_SEC))
        var report = Report(
            settings: settings, opening: opened, lines: lines, deliveries: deliveries,
            latency: Report.Latency(crowd.timing), foreign: crowd.foreign,
            isInterrupted: crowd.interruptions > 0)
        report.take(crowd.verifier.findings)
        try crowd.closeAll(milliseconds: Self.closePatience, buffer: &buffer)
        return report
    }

    /// Sends each line when it is due.
    private func talk(
        _ crowd: inout Crowd, from start: Instant, buffer: inout [UInt8]
    ) throws(Failure) -> Report.Lines {
        var lines = Report.Lines()
        let length = settings.warmup + settings.duration
        let end = after(start, length)
        var schedule = Schedule(
            start: start, rate: settings.rate, seconds: length,
            connections: settings.connections, senders: settings.senders)
        while crowd.interruptions == 0, crowd.verifier.alive > 0 {
            crowd.now = crowd.network.now()
            var taken = 0
            while taken < Self.linesAtOnce, let entry = schedule.take(at: crowd.now) {
                crowd.sendLine(entry)
                let late = seconds(from: entry.due, to: crowd.now) * 1000
                lines.latestMilliseconds = max(lines.latestMilliseconds, late)
                taken += 1
            }
            if crowd.now >= end, schedule.left == 0 { break }
            if crowd.now.milliseconds > end.milliseconds + Self.overtime { break }
            let next = min(schedule.nextDue ?? end, end)
            try crowd.tick(milliseconds: Self.wait(from: crowd.now, to: next), buffer: &buffer)
        }
        lines.sent = crowd.verifier.linesSent
        let isWhole = crowd.interruptions == 0 && crowd.verifier.alive > 0
        lines.unsent = isWhole ? schedule.left : 0
        return lines
    }

    /// Waits until everybody has everything, or nothing more comes.
    private func settle(_ crowd: inout Crowd, buffer: inout [UInt8]) throws(Failure) {
        let since = crowd.now.milliseconds
        while !crowd.verifier.isComplete,
            crowd.now.milliseconds
                < max(crowd.timing.lastDelivery.milliseconds, since) + Self.patience
        {
            try crowd.tick(milliseconds: 100, buffer: &buffer)
        }
    }

    /// Whole milliseconds to wait: the kernel wakes us somewhat late, and the rest is spent
    /// looking, so that lines go out when they are due.
    private static func wait(from now: Instant, to due: Instant) -> Int32 {
        guard now < due else { return 0 }
        let nanoseconds = due.nanoseconds - now.nanoseconds
        let lateness: UInt64 = 100_000
        return Int32(clamping: (nanoseconds - min(nanoseconds, lateness)) / 1_000_000)
    }

    private func after(_ start: Instant, _ seconds: Double) -> Instant {
        Instant(nanoseconds: start.nanoseconds + UInt64(seconds * 1e9))
    }

    private func seconds(from start: Instant, to end: Instant) -> Double {
        Double(end.nanoseconds - start.nanoseconds) / 1e9
    }
}
