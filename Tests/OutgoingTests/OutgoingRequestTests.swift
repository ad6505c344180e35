import Testing

@testable import Outgoing

@Suite struct OutgoingRequestTests {
    @Test(
        arguments: [
            [8, 8, 8, 8], [100, 63, 0, 1], [100, 128, 0, 1], [172, 15, 0, 1], [172, 32, 0, 1],
            [192, 167, 1, 1], [223, 255, 255, 255], [169, 253, 0, 1],
            [0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x88],
            [0x2A, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 8, 8, 8, 8],
        ] as [[UInt8]])
    func `it is a public address`(address: [UInt8]) {
        #expect(OutgoingRequest.isPublic(address))
    }

    @Test(
        arguments: [
            [0, 0, 0, 0], [10, 0, 0, 1], [100, 64, 0, 1], [100, 127, 255, 255], [127, 0, 0, 1],
            [127, 255, 255, 254], [169, 254, 169, 254], [172, 16, 0, 1], [172, 31, 255, 255],
            [192, 168, 0, 1], [192, 0, 2, 1], [198, 19, 0, 1], [224, 0, 0, 1],
            [255, 255, 255, 255],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], Array(repeating: 0, count: 16),
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 1],
            [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1],
            [0x20, 0x02, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0x20, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0xFC, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            [0xFF, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [1, 2, 3], [],
        ] as [[UInt8]])
    func `it is no public address`(address: [UInt8]) {
        #expect(!OutgoingRequest.isPublic(address))
    }

    @Test(arguments: ["https://127.0.0.1:9/", "https://[::1]:9/", "https://localhost:9/"])
    func `nothing is sent to an address that isn't public`(url: String) {
        #expect(throws: OutgoingProblem.privateAddress) { try OutgoingRequest(url).answer() }
    }

    @Test(arguments: ["http://127.0.0.1:9/", "file:///etc/passwd", "ftp://127.0.0.1/", "x", ""])
    func `another scheme is refused`(url: String) {
        var request = OutgoingRequest(url)
        request.allowsPrivateAddresses = true
        let problem = #expect(throws: OutgoingProblem.self) { try request.answer() }
        guard case .failed? = problem else { return #expect(Bool(false), "\(url)") }
    }
}
