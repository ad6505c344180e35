internal import Reactor

/// An origin as people write it, converted to the form that browsers send: scheme and host in
/// lowercase, no port if it is the scheme's default, nothing after it (RFC 6454 §6.2).
struct OriginText {
    /// The form that browsers send.
    let origin: String

    private struct Flaw: Error {
        let reason: String
    }

    private static let ports = ["http": 80, "https": 443]

    private init(_ text: String) throws(Flaw) {
        guard text != "null" else {
            origin = text
            return
        }
        if text == "*" {
            throw Flaw(reason: "leave the setting out to let the pages of every origin connect")
        }
        guard text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw Flaw(reason: "\(text): write the host in ASCII, as browsers do (xn--)")
        }
        if text.contains("*") { throw Flaw(reason: "\(text): name each origin, without a *") }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("//") else {
            throw Flaw(reason: "\(text): the scheme is missing, as in https://\(text)")
        }
        let scheme = parts[0].lowercased()
        guard scheme.first?.isLetter == true,
            scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
        else { throw Flaw(reason: "\(text): that is not a scheme") }
        if let page = ["ws": "http", "wss": "https"][scheme] {
            throw Flaw(reason: "\(text): the origin of a page starts with \(page)://")
        }
        var authority = parts[1].dropFirst(2)
        if authority.hasSuffix("/") { authority.removeLast() }
        guard !authority.contains(where: { "/?#@\\".contains($0) }) else {
            throw Flaw(reason: "\(text): an origin ends with the host or its port")
        }
        let (host, port) = try Self.parts(of: authority, in: text)
        let isOwn = port == nil || port == Self.ports[scheme]
        origin = "\(scheme)://\(host)" + (isOwn ? "" : ":\(port ?? 0)")
    }

    private static func parts(
        of authority: Substring, in text: String
    ) throws(Flaw) -> (host: String, port: Int?) {
        var host = authority
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            host = authority[..<colon]
            port = Int(authority[authority.index(after: colon)...])
            guard let port, 1...65_535 ~= port else {
                throw Flaw(reason: "\(text): a port is a number from 1 to 65535")
            }
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = SocketAddress(numeric: String(host.dropFirst().dropLast()))
            guard let address, address.isIPv6 else {
                throw Flaw(reason: "\(text): that is not an IPv6 address")
            }
            return ("[\(compressed(address))]", port)
        }
        guard !host.isEmpty,
            host.allSatisfy({ $0.isLetter || $0.isNumber || "-._~".contains($0) })
        else { throw Flaw(reason: "\(text): that is not a host") }
        return (host.lowercased(), port)
    }

    /// An IPv6 address as browsers write it, without the longest run of zero groups (RFC 5952 §4).
    private static func compressed(_ address: SocketAddress) -> String {
        let groups = [address.high, address.low].flatMap { word in
            [48, 32, 16, 0].map { word >> $0 & 0xFFFF }
        }
        var longest = 0..<0
        for start in groups.indices {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.endIndex
            if end - start > max(longest.count, 1) { longest = start..<end }
        }
        func text(_ groups: ArraySlice<UInt64>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !longest.isEmpty else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }

    /// The origins in a list. Nil if one of them isn't valid.
    static func list(_ text: String) -> [String]? {
        let origins = text.commaList.map { try? OriginText($0).origin }
        return origins.isEmpty || origins.contains(nil) ? nil : origins.compactMap { $0 }
    }

    /// What is wrong with the text. Nil if the reason is unknown.
    static func hint(_ text: String) -> String? {
        for element in text.commaList {
            do throws(Flaw) {
                _ = try OriginText(element)
            } catch {
                return error.reason
            }
        }
        return nil
    }
}
