internal import Chat
internal import Redis

/// Commands about the members of rooms.
extension ShardCodec {
    func request(for command: PresenceCommand) -> RedisRequest {
        switch command {
        case .attend(let run, let number, let epoch, let rooms):
            var request = call(.attend)
            request.append(epoch.text)
            request.append(run.name.text)
            request.append(Self.text(of: run))
            request.append(number)
            request.append(PresenceLimits.keeping)
            for room in rooms { request.append(room.text) }
            return request
        case .tell(let run, let number, let epoch, let room, let presence):
            var request = call(.tellMembers)
            request.append(epoch.text)
            request.append(room.text)
            request.append(run.name.text)
            request.append(Self.text(of: run))
            request.append(number)
            request.append(JSONText.bytes(of: WrittenMembers(NodeMembers(run, presence))))
            request.append(PresenceLimits.keeping)
            return request
        case .read(let epoch, let room):
            var request = call(.readMembers)
            request.append(epoch.text)
            request.append(room.text)
            return request
        case .bury(let attendance, let epoch):
            var request = call(.bury)
            request.append(epoch.text)
            request.append(attendance.run.name.text)
            request.append(
                "\(Self.text(of: attendance.run)) \(attendance.first) \(attendance.last)")
            return request
        }
    }
}
