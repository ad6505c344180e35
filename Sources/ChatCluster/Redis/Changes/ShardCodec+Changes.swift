internal import Chat
internal import Redis

/// Commands about changes, lines that wait, and news.
extension ShardCodec {
    /// The most rooms in a survey, and the most lines that wait or news in a page.
    static let surveyRooms = 64
    static let page = 256

    func request(for command: ChangeCommand) -> RedisRequest {
        switch command {
        case .survey(let room):
            return call(.survey, with: room?.text ?? "", "\(Self.surveyRooms)")
        case .waiting(let id): return call(.waiting, with: "\(id)", "\(Self.page)")
        case .revocations: return call(.revocations)
        case .news(let number): return call(.news, with: "\(number)", "\(Self.page)")
        case .consult(let room, let question): return consult(room, question)
        case .scan(let room, let seq):
            var request = call(.scan, with: room.text, "\(seq)")
            Self.appendLimits(to: &request)
            return request
        case .make(let room, let epoch, let write): return make(room, epoch, write)
        case .erase(let room, let rev): return call(.erase, with: room.text, "\(rev)")
        case .unerased: return call(.unerased)
        case .log(let room, let rev, let limit):
            return call(.log, with: room.text, "\(rev)", "\(limit)")
        case .hold(let run, let group, let holds): return hold(run, group, holds)
        case .release(let run, let group, let room, let epoch, let ids, let time):
            var request = call(.release, of: run, group)
            request.append(room.text)
            request.append(epoch.text)
            request.append(time.milliseconds)
            for id in ids { request.append(id) }
            return request
        case .drop(let ids):
            var request = call(.drop)
            for id in ids { request.append(id) }
            return request
        case .notify(let run, let notice):
            var request = call(.notify)
            request.append(JSONText.bytes(of: NodeNews.notice(notice, by: run)))
            if case .revoked(let text) = notice { request.append(text) } else { request.append("") }
            return request
        }
    }

    private func call(_ script: ShardScript, with arguments: String...) -> RedisRequest {
        var request = call(script)
        for argument in arguments { request.append(argument) }
        return request
    }

    /// A command that is recognised if it comes again.
    private func call(_ script: ShardScript, of run: NodeRun, _ group: UInt64) -> RedisRequest {
        var request = call(script, key: "\(Self.prefix)heldgroup:\(run.name.text)")
        request.append(Self.text(of: run))
        request.append(group)
        request.append(JSONText.bytes(of: run))
        return request
    }

    private func consult(_ room: RoomName, _ question: ChangeQuestion) -> RedisRequest {
        var request = call(.consult)
        request.append(room.text)
        request.append(question.key.map { SendKey.hash(of: $0, in: room) } ?? [])
        request.append(question.undoing.map { "\($0)" } ?? "")
        request.append(ShardLimits.keptLines)
        for seq in question.seqs { request.append(seq) }
        return request
    }

    private func make(_ room: RoomName, _ epoch: Epoch, _ write: ChangeWrite) -> RedisRequest {
        let key = write.key.map { key in
            Array("\(Self.prefix)change:".utf8) + SendKey.hash(of: key, in: room)
        }
        var request = call(.make, keyBytes: key)
        request.append(room.text)
        request.append(epoch.text)
        request.append(write.change.rev)
        request.append(EntryCode.bytes(of: write.change.withoutTexts))
        request.append(EntryCode.bytes(of: write.change))
        request.append(JSONText.bytes(of: write.entry))
        request.append(JSONText.bytes(of: write.change.withoutLines))
        request.append(JSONText.bytes(of: WrittenChange(write)))
        return request
    }

    private func hold(
        _ run: NodeRun, _ group: UInt64, _ holds: [HeldRequest.Hold]
    ) -> RedisRequest {
        var request = call(.hold, of: run, group)
        request.append(terms.shard)
        for hold in holds {
            let (before, after) = EntryCode.parts(of: hold.draft)
            request.append(hold.draft.room.text)
            request.append(JSONText.bytes(of: HeldLine.Kept(hold.draft, hold.reason)))
            request.append(before)
            request.append(after)
            request.append(hold.draft.time.milliseconds)
            let hash = SendKey.hash(of: hold.draft)
            request.append(hash ?? [])
            var digest = ByteWriter()
            if hash != nil { digest.word(hold.draft.digest) }
            request.append(digest.bytes)
        }
        return request
    }
}
