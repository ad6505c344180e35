import Testing
import WebSocket

@Suite struct ContentCodingTests {
    /// RFC 9110 §12.5.3 and §12.4.2.
    @Test(arguments: [
        ([], ContentCoding.identity),
        ([""], .identity),
        (["gzip"], .gzip),
        (["GZIP"], .gzip),
        (["deflate, gzip, br, zstd"], .gzip),
        (["br", "gzip"], .gzip),
        (["gzipped"], .identity),
        (["br, deflate"], .identity),
        (["*"], .gzip),
        (["gzip;q=1"], .gzip),
        (["gzip ; q=0.001"], .gzip),
        (["gzip;Q=1.000"], .gzip),
        (["gzip;q=0"], .identity),
        (["gzip;q=0.000, *"], .identity),
        (["*;q=0"], .identity),
        (["gzip;q=0.5, identity"], .identity),
        (["gzip;q=0.5, identity;q=0.5"], .gzip),
        (["identity;q=0, gzip;q=0.1"], .gzip),
        (["identity;q=0.9, *;q=0.8"], .identity),
        (["identity;q=0"], .identity),
        (["gzip;q=2"], .identity),
        (["gzip;q=1.5"], .identity),
        (["gzip;q=0.1234"], .identity),
        (["gzip;q="], .identity),
        (["gzip;q=0,5"], .identity),
        (["gzip;level=9"], .identity),
    ])
    func `the better coding is chosen`(values: [String], coding: ContentCoding) throws {
        let (head, bytes) = try headWith("Accept-Encoding", values)
        #expect(ContentCoding.preferred(head.acceptEncoding, in: bytes.span) == coding)
    }
}
