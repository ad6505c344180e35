/// How far a reader of an event stream has come in a room: it has the lines up to `seq` and the
/// changes up to `rev` of an epoch. The id of an event has one for each room of its stream.
public struct StreamPlace: Equatable, Sendable {
    public let room: RoomName
    public let epoch: Epoch
    public let seq: UInt64
    public let rev: UInt64

    public init(room: RoomName, epoch: Epoch, seq: UInt64, rev: UInt64) {
        self.room = room
        self.epoch = epoch
        self.seq = seq
        self.rev = rev
    }

    /// What a reader asks for that goes on there.
    public var start: JoinStart { .resume(epoch: epoch.text, seq: seq) }

    /// Appends the place as it is in an id: `ROOM=EPOCH.SEQ.REV`.
    public func append(to id: inout [UInt8]) {
        Self.append(room, epoch, seq, rev, to: &id)
    }

    static func append(
        _ room: RoomName, _ epoch: Epoch, _ seq: UInt64, _ rev: UInt64, to id: inout [UInt8]
    ) {
        let epoch = epoch.text.utf8.span
        id.append(addingCapacity: RoomName.lengthLimit + Epoch.lengthLimit + 43) { place in
            place.append(room)
            place.append("=")
            place.append(copying: epoch)
            place.append(".")
            place.append(decimal: seq)
            place.append(".")
            place.append(decimal: rev)
        }
    }

    /// The places in an id, which are separated by commas. Nil if it isn't an id, or names a room
    /// twice.
    public static func list(_ id: Span<UInt8>) -> [StreamPlace]? {
        var (places, start) = ([StreamPlace](), 0)
        var rooms: Set<RoomName> = []
        while true {
            let end = firstIndex(of: UInt8(ascii: ","), in: id, from: start) ?? id.count
            guard let place = StreamPlace(id.extracting(start..<end)),
                rooms.insert(place.room).inserted
            else { return nil }
            places.append(place)
            guard end < id.count else { return places }
            start = end + 1
        }
    }

    /// One place of an id.
    private init?(_ text: Span<UInt8>) {
        let dot = UInt8(ascii: ".")
        guard let equals = Self.firstIndex(of: UInt8(ascii: "="), in: text, from: 0),
            let room = RoomName(text.extracting(..<equals)),
            let first = Self.firstIndex(of: dot, in: text, from: equals + 1),
            let second = Self.firstIndex(of: dot, in: text, from: first + 1),
            let epoch = Epoch(Self.text(text.extracting(equals + 1..<first))),
            let seq = Self.number(text.extracting(first + 1..<second)),
            let rev = Self.number(text.extracting((second + 1)...))
        else { return nil }
        self.init(room: room, epoch: epoch, seq: seq, rev: rev)
    }

    private static func firstIndex(
        of byte: UInt8, in text: Span<UInt8>, from start: Int
    ) -> Int? {
        (start..<text.count).first { text[$0] == byte }
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }

    /// A number of 1 to 20 digits. Nil if it is something else, or too large.
    private static func number(_ digits: Span<UInt8>) -> UInt64? {
        guard 1...20 ~= digits.count else { return nil }
        var number: UInt64 = 0
        for index in digits.indices {
            let digit = digits[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isMore) = product.addingReportingOverflow(UInt64(digit))
            guard !isTooLarge, !isMore else { return nil }
            number = sum
        }
        return number
    }
}
