internal import Chat
internal import WebSocket

/// Encodes a room's lines for event streams. A stream takes changes, so it gets tombstones.
struct EventEncoder {
    private let room: RoomName
    private let epoch: Epoch
    private let line: LineEvent

    init(room: RoomName, epoch: Epoch) {
        (self.room, self.epoch) = (room, epoch)
        line = LineEvent(room: room)
    }

    /// The events of frames, which are plain. `rev` tells the last change before a line.
    func events(of frames: Span<UInt8>, _ rev: (UInt64) -> UInt64) -> [UInt8] {
        var (text, walk) = ([UInt8](), WrittenFrames())
        while let payload = walk.next(in: frames) {
            let event = frames.extracting(payload)
            if let seq = line.place(in: event) {
                EventText.append(
                    event, room: room, epoch: epoch, seq: seq, rev: rev(seq), to: &text)
            } else {
                EventText.append(event, to: &text)
            }
        }
        return text
    }

    /// The events from line `seq` on, and the number of lines among them. `others` is added to
    /// their ids.
    func rest(
        of text: [UInt8], from seq: UInt64, others: [UInt8] = []
    ) -> (text: [UInt8], lines: Int) {
        var (rest, lines, walk) = ([UInt8](), 0, WrittenEvents())
        while let event = walk.next(in: text.span) {
            if let data = event.data {
                let json = text.span.extracting(data)
                if let place = line.place(in: json) {
                    guard place >= seq else { continue }
                    if line.seq(in: json) != nil { lines += 1 }
                }
            }
            guard let id = event.id, !others.isEmpty else {
                rest += text[event.all]
                continue
            }
            rest += text[event.all.lowerBound..<id.upperBound]
            rest += others
            rest += text[id.upperBound..<event.all.upperBound]
        }
        return (rest, lines)
    }
}
