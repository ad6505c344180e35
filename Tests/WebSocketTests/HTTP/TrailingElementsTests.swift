import Testing
import WebSocket

@Suite struct TrailingElementsTests {
    @Test(arguments: [
        ([], []),
        ([""], [""]),
        (["a"], ["a"]),
        (["a, b ,\tc"], ["c", "b", "a"]),
        (["a", "b,c"], ["c", "b", "a"]),
        (["a,", ",b"], ["b", "", "", "a"]),
        ([",,"], ["", "", ""]),
        (["a,b,c,d", "e"], ["e", "d", "c", "b"]),
        (["a,b,c,d,e"], ["e", "d", "c", "b"]),
    ])
    func `the last elements come first`(values: [String], expected: [String]) throws {
        #expect(try elements(values, limit: 4) == expected)
    }

    @Test(arguments: [0, 1, 3, 9] as [Int])
    func `there is a limit`(limit: Int) throws {
        let all = ["c", "", "b", "a"]
        #expect(try elements(["a,b", ",c"], limit: limit) == Array(all.prefix(limit)))
    }

    private func elements(_ values: [String], limit: Int) throws -> [String] {
        let (head, bytes) = try headWith("X-Forwarded-For", values)
        let lines = head.forwardedFor.values(in: bytes.span)
        #expect(lines.map { bytes.text($0) } == bytes.texts(head.forwardedFor))
        var walk = TrailingElements(of: lines, limit: limit)
        var found: [String] = []
        while let element = walk.next(in: bytes.span) {
            found.append(String(decoding: bytes[element], as: UTF8.self))
        }
        return found
    }

    @Test(arguments: [
        ("for=a", "a"), ("FOR = a ;by=b", "a"), ("by=b; for=\"a;\"", "\"a"), ("for=\"a\"", "a"),
        ("for=", ""), ("for", nil), ("", nil), (";;=;", nil), ("by=for=a", nil), ("for=\"", "\""),
        ("for=a;for=b", "a"), ("forx=a", nil),
    ])
    func `a parameter is found by its name`(element: String, expected: String?) {
        let bytes = Array(element.utf8)
        let value = ForwardedParameter.value(of: "for", in: bytes.indices, of: bytes.span)
        #expect(bytes.text(value) == expected)
    }
}
