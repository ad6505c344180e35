internal import ArgumentParser
internal import ChatServer

/// How guests are recognised.
struct ModerationOptions: ParsableArguments {
    @Option(.addressBits("ban-ipv4-bits", 8...32, fallback: ModerationRules().ipv4Bits, "IPv4"))
    var ipv4Bits: Given<Int>

    @Option(.addressBits("ban-ipv6-bits", 16...128, fallback: ModerationRules().ipv6Bits, "IPv6"))
    var ipv6Bits: Given<Int>
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
