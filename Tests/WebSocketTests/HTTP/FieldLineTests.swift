import TestSupport
import Testing

@testable import WebSocket

@Suite struct FieldLineTests {
    private struct Seen: Equatable {
        var field: KnownField?
        var value: Range<Int>?
        var isRefused = false
    }

    /// The parser's result for the line.
    private func seen(_ bytes: [UInt8], in line: Range<Int>) -> Seen {
        do throws(RequestViolation) {
            let found = try FieldLine(line, in: bytes.span)
            return Seen(field: found.field, value: found.field.map { _ in found.value })
        } catch {
            return Seen(isRefused: true)
        }
    }

    /// The line's meaning, found byte by byte and with strings.
    private func plainlySeen(_ bytes: [UInt8], in line: Range<Int>) -> Seen {
        let token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound,
            bytes[line.lowerBound..<colon].allSatisfy(token.utf8.contains)
        else { return Seen(isRefused: true) }
        let name = String(decoding: bytes[line.lowerBound..<colon], as: UTF8.self).lowercased()
        guard let field = Self.names[name] else { return Seen() }
        var value = colon + 1..<line.upperBound
        while let first = value.first, [0x20, 0x09].contains(bytes[first]) {
            value = value.dropFirst()
        }
        while let last = value.last, [0x20, 0x09].contains(bytes[last]) { value = value.dropLast() }
        return Seen(field: field, value: value)
    }

    private static let names: [String: KnownField] = [
        "accept-encoding": .acceptEncoding, "connection": .connection,
        "content-length": .contentLength, "expect": .expect, "forwarded": .forwarded,
        "x-forwarded-for": .forwardedFor, "host": .host, "if-none-match": .ifNoneMatch,
        "origin": .origin, "transfer-encoding": .transferEncoding, "upgrade": .upgrade,
        "sec-websocket-accept": .webSocketAccept,
        "sec-websocket-extensions": .webSocketExtensions, "sec-websocket-key": .webSocketKey,
        "sec-websocket-protocol": .webSocketProtocol,
        "sec-websocket-version": .webSocketVersion,
    ]

    /// The name of a field, or something similar, in any case and with faults.
    private func name(_ generator: inout SplitMix64) -> [UInt8] {
        let others = ["Cookie", "Sec-Fetch-Mode", "sec-websocket-", "a", "", "Hos", "x_y.1"]
        let name = (Self.names.keys.sorted() + others).randomElement(using: &generator)!
        return name.utf8.map { byte in
            switch Int.random(in: 0..<60, using: &generator) {
            case 0: UInt8.random(in: 0...255, using: &generator)
            case 1...20: [UInt8](String(UnicodeScalar(byte)).uppercased())[0]
            default: byte
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `the parser agrees with a plain one`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var known = 0
        for _ in 0..<500 {
            let between = ["", ":", ": ", " :", ":\t  ", "::", ": :"].randomElement(
                using: &generator)!
            let value = ["", "x", "a, b", "keep-alive ", "\t", "x y\t "].randomElement(
                using: &generator)!
            let line = name(&generator) + [UInt8](between + value)
            let bytes = [UInt8]("GET / HTTP/1.1\r\n") + line + [0x0D, 0x0A]
            let range = 16..<16 + line.count
            let plain = plainlySeen(bytes, in: range)
            #expect(seen(bytes, in: range) == plain, "\(String(decoding: line, as: UTF8.self))")
            if plain.field != nil { known += 1 }
        }
        #expect(known > 50)
    }
}
