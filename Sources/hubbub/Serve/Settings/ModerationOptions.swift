internal import ArgumentParser
internal import ChatServer

/// How guests are recognised.
struct ModerationOptions: ParsableArguments {
    @Option(.addressBits("ban-ipv4-bits", 8...32, fallback: ModerationRules().ipv4Bits, "IPv4"))
    var ipv4Bits: Given<Int>

    @Option(.addressBits("ban-ipv6-bits", 16...128, fallback: ModerationRules().ipv6Bits, "IPv6"))
    var ipv6Bits: Given<Int>

    @Option(
        Setting(
            flag: "undo-minutes", placeholder: "minutes",
            what:
                "Time in which moderators can undo a change, and for which deleted lines are kept",
            accepted: "0 to 10080, fractions too", fallback: ModerationRules().undoPeriod,
            fallbackText: "10",
            parse: { text in
                guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == 0x2E }),
                    let minutes = Double(text), minutes <= 10_080
                else { return nil }
                return Int64(minutes * 60_000)
            }, defaultText: "10"
        ).fixed)
    var undoPeriod: Given<Int64>
}

extension Setting<Int> {
    /// Bits of an address.
    fileprivate static func addressBits(
        _ flag: String, _ range: ClosedRange<Int>, fallback: Int, _ family: String
    ) -> Setting {
        Setting(
            flag: flag, placeholder: "bits",
            what: "Bits of an \(family) address that a ban of a guest means",
            accepted: "\(range.lowerBound) to \(range.upperBound)", fallback: fallback,
            fallbackText: "\(fallback)",
            parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            defaultText: "\(fallback)"
        ).fixed
    }
}
