import Testing

@testable import WebSocket

@Suite struct UTF8ValidatorTests {
    private func isValid(_ bytes: [UInt8]) -> Bool {
        var validator = UTF8Validator()
        return validator.accepts(bytes.span) && validator.isComplete
    }

    private func expectAgreement(_ bytes: [UInt8]) {
        let swift = String(validating: bytes, as: UTF8.self) != nil
        // A separate expectation for each of millions would be too slow.
        if isValid(bytes) != swift { Issue.record("\(bytes)") }
        if UTF8Validator.isValid(bytes.span) != swift { Issue.record("\(bytes)") }
    }

    @Test func `validation agrees with Swift on all short inputs`() {
        for first in UInt8.min...UInt8.max {
            expectAgreement([first])
            for second in UInt8.min...UInt8.max { expectAgreement([first, second]) }
        }
        // After the second byte all are continuation bytes, so their limits are enough.
        let edges: [UInt8] = [0x7F, 0x80, 0xBF, 0xC0]
        for first in UInt8(0xE0)...UInt8.max {
            for second in UInt8.min...UInt8.max {
                for third in edges {
                    expectAgreement([first, second, third])
                    guard first >= 0xF0 else { continue }
                    for fourth in edges { expectAgreement([first, second, third, fourth]) }
                }
            }
        }
    }

    @Test func `validation gives the same result in any pieces`() {
        let texts: [[UInt8]] = [
            [UInt8](String(repeating: "abcdefgh", count: 10) + "é世🎉" + "the end, far enough away"),
            [UInt8](String(repeating: "x", count: 70)) + [0xE2, 0x82],
            [UInt8]("ok") + [0xF4, 0x90, 0x80, 0x80],
        ]
        for text in texts {
            let expected = UTF8Validator.isValid(text.span)
            for pieces in text.cuttings {
                var validator = UTF8Validator()
                let accepts = pieces.allSatisfy { piece in
                    let bytes = Array(piece)
                    return validator.accepts(bytes.span)
                }
                #expect((accepts && validator.isComplete) == expected)
            }
        }
    }

    /// It fails at the first invalid byte, not at the end of its scalar.
    @Test(arguments: [
        [0x80], [0xC1], [0xF5], [0xE0, 0x9F], [0xED, 0xA0], [0xF0, 0x8F], [0xF4, 0x90],
        [0xC2, 0x41], [0xE1, 0x80, 0xC0], [0xF1, 0x80, 0x80, 0x41],
    ])
    func `validation fails at the first impossible byte`(bytes: [UInt8]) {
        var validator = UTF8Validator()
        let results = bytes.map { byte in
            let piece = [byte]
            return validator.accepts(piece.span)
        }
        #expect(results.dropLast().allSatisfy { $0 })
        #expect(results.last == false)
    }
}
