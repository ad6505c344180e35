import Testing

@testable import Chat

@Suite struct StreamPlaceTests {
    private static func list(_ text: String) -> [StreamPlace]? {
        StreamPlace.list(text.utf8.span)
    }

    private static func place(
        _ room: String, _ epoch: String, _ seq: UInt64, _ rev: UInt64
    ) throws -> StreamPlace {
        StreamPlace(
            room: try #require(RoomName(room)), epoch: try #require(Epoch(epoch)), seq: seq,
            rev: rev)
    }

    @Test func `an id is read as it is written`() throws {
        let places = [
            try Self.place("go", "k3v9", 42, 7), try Self.place("a.b-c_d", "0", 0, .max),
            try Self.place(".", "z", .max, 0),
        ]
        var id: [UInt8] = []
        for place in places {
            if !id.isEmpty { id.append(UInt8(ascii: ",")) }
            place.append(to: &id)
        }
        #expect(
            String(decoding: id, as: UTF8.self)
                == "go=k3v9.42.7,a.b-c_d=0.0.18446744073709551615,.=z.18446744073709551615.0")
        #expect(StreamPlace.list(id.span) == places)
        // Every cut of it, and every single change, is read or refused, but never a trap.
        for end in 0..<id.count {
            let part = Array(id[..<end])
            _ = StreamPlace.list(part.span)
        }
        for index in id.indices {
            for byte: UInt8 in [0, 0x2C, 0x2E, 0x3D, 0x39, 0x7F, 0xFF] {
                var other = id
                other[index] = byte
                _ = StreamPlace.list(other.span)
            }
        }
    }

    @Test(arguments: [
        "", ",", "go", "go=", "go=k", "go=k.1", "go=k.1.", "go=k..1", "go=.1.2", "=k.1.2",
        "go=k.1.2,", ",go=k.1.2", "go=k.1.2,go=k.1.2", "go=k.1.2.3", "go=k.-1.2", "go=k.+1.2",
        "go=k.1.18446744073709551616", "go=k.99999999999999999999.1", "go=K.1.2", "GO=k.1.2",
        "go=k.1.2 ", " go=k.1.2", "go=k.1 .2", "go==k.1.2", "go=k.000000000000000000001.2",
        "go=k\u{0}.1.2", "go=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk.1.2",
    ])
    func `what isn't an id is refused`(text: String) {
        #expect(Self.list(text) == nil)
    }
}
