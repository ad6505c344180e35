internal import Chat

/// A change that the server wants, on its way. It is decided by the rules of its room
/// (`RoomLedger`) on what is read of it, and written only if nothing has changed in the meantime;
/// otherwise it is decided again.
struct Proposal {
    /// What comes next.
    enum Step {
        /// Carry this out, and hand in the answer.
        case command(ChangeCommand)
        /// Call ``caughtUp(_:at:)`` when these news are known.
        case awaits(news: UInt64)
        /// Wait for an epoch.
        case stands
        /// It is over. If it is ordered, it is among these news.
        case answered(ChangeAnswer, news: UInt64)
    }

    private enum Stage {
        case new
        /// It is looked up.
        case consulting
        /// The news that its basis includes have yet to come.
        case catchingUp(ChangeBasis)
        /// Lines of the change that it undoes are yet to be erased.
        case erasing(ChangeBasis)
        case scanning(ChangeBasis, EvidenceScan)
        case making(ChangeWrite)
        /// The connection broke before the answer.
        case doubtful(ChangeWrite)
    }

    /// How often others may come first. A node that makes many changes of a room in a row may win
    /// each time for a second or so.
    private static let tries = 1_000

    let request: ChangeRequest
    private var stage = Stage.new
    private var evidence = ChangeRequest.Evidence()
    /// The last line of the room when it was asked for. It deletes no later one.
    private var last: UInt64?
    private var tries = 0
    /// The change that was made, if it has more lines than are erased at once.
    private(set) var leavesLines: UInt64?

    init(_ request: ChangeRequest) { self.request = request }

    /// Whether nobody can tell if it was made.
    var isDoubtful: Bool { if case .doubtful = stage { true } else { false } }

    /// What was read of it, if it waits for the news that this includes.
    var awaitedBasis: ChangeBasis? {
        if case .catchingUp(let basis) = stage { basis } else { nil }
    }

    // MARK: Reading

    /// Looks up what it is about, or whether it was made.
    mutating func begin() -> Step {
        if case .doubtful(let write) = stage {
            return .command(.log(request.room, before: write.change.rev + 1, limit: 1))
        }
        tries += 1
        guard tries <= Self.tries else { return .answered(.failed, news: 0) }
        stage = .consulting
        evidence = ChangeRequest.Evidence()
        var question = ChangeQuestion(key: ChangeKey(request))
        switch request.wanted {
        case .delete(let seqs): question.seqs = seqs
        case .undo(let rev): question.undoing = rev
        case .settings, .panic, .ban, .unban, .purge, .approve, .reject, .terms:
            question.seqs = [request.wanted.line].compactMap(\.self)
        }
        return .command(.consult(request.room, question))
    }

    mutating func consulted(_ basis: ChangeBasis) -> Step {
        guard case .consulting = stage else { return .stands }
        if let known = basis.known {
            let isSame = known.digest == request.wanted.digest
            return .answered(
                isSame ? .ordered(rev: known.rev) : .refused(.changeIDReused), news: basis.news)
        }
        last = last ?? basis.last.seq
        stage = .catchingUp(basis)
        return .awaits(news: basis.news)
    }

    /// The news are known that its basis includes.
    mutating func caughtUp(_ context: Context) -> Step {
        guard case .catchingUp(let basis) = stage else { return .stands }
        guard context.ledger.rev == basis.last.rev else { return begin() }
        if let undoing = basis.undoing, undoing.isErasing {
            stage = .erasing(basis)
            return .command(.erase(request.room, rev: undoing.entry.change.rev))
        }
        evidence.lines = basis.lines.map(\.line)
        evidence.last = basis.last.seq
        if request.wanted.line != nil {
            evidence.origin = basis.lines.first?.known(at: request.time)
        }
        do throws(Refusal) {
            guard let match = try evidence.match(for: request) else {
                return try decide(on: basis, context)
            }
            let scan = EvidenceScan(
                match, upTo: last ?? basis.last.seq, named: evidence.lines.first?.seq)
            stage = .scanning(basis, scan)
            return .command(.scan(request.room, below: scan.below))
        } catch {
            return .answered(.refused(error), news: 0)
        }
    }

    /// So many lines are left of those that have to be erased first.
    mutating func erased(left: Int) -> Step {
        guard case .erasing(let basis) = stage, let undoing = basis.undoing else { return .stands }
        guard left > 0 else {
            tries -= 1
            return begin()
        }
        return .command(.erase(request.room, rev: undoing.entry.change.rev))
    }

    mutating func scanned(_ page: [OriginLine], _ context: Context) -> Step {
        guard case .scanning(let basis, var scan) = stage else { return .stands }
        let isDone = scan.step(page, into: &evidence, at: request.time)
        stage = .scanning(basis, scan)
        guard isDone else { return .command(.scan(request.room, below: scan.below)) }
        do throws(Refusal) {
            return try decide(on: basis, context)
        } catch {
            return .answered(.refused(error), news: 0)
        }
    }

    // MARK: Writing

    private mutating func decide(
        on basis: ChangeBasis, _ context: Context
    ) throws(Refusal) -> Step {
        let ledger = context.ledger
        guard ledger.rev == basis.last.rev else { return begin() }
        var request = request
        request.evidence = evidence
        request.evidence?.held = context.held
        var undone = basis.undoing?.entry
        let kept = basis.undoing?.kept ?? []
        if kept.count < ShardLimits.keptLines { undone?.lines = kept }
        let entry = try ledger.make(
            request, undoing: undone, undoPeriod: context.undoPeriod)
        if let undone, !undone.change.goneLines.isEmpty, kept.isEmpty { throw .undoExpired }
        let write = ChangeWrite(entry, of: request, on: ledger, undoPeriod: context.undoPeriod)
        stage = .making(write)
        return .command(.make(request.room, context.epoch, write))
    }

    mutating func made(_ outcome: ChangeOutcome) -> Step {
        guard case .making(let write) = stage else { return .stands }
        switch outcome {
        case .made(let news): return ordered(write, news: news)
        case .conflict: return begin()
        case .otherEpoch:
            stage = .new
            return .stands
        case .refused: return .answered(.failed, news: 0)
        }
    }

    /// The last change of the log up to that which may have been made.
    mutating func logged(_ entry: LedgerEntry?) -> Step {
        guard case .doubtful(let write) = stage else { return .stands }
        if let entry, entry.isMade(like: write.entry) {
            return ordered(write, news: 0)
        }
        stage = .new
        return begin()
    }

    private mutating func ordered(_ write: ChangeWrite, news: UInt64) -> Step {
        if write.change.goneLines.count > ShardLimits.erasedLines {
            leavesLines = write.change.rev
        }
        return .answered(.ordered(rev: write.change.rev), news: news)
    }

    // MARK: Connections

    /// The connection broke. What was asked may have been done.
    mutating func disconnected() {
        switch stage {
        case .making(let write), .doubtful(let write): stage = .doubtful(write)
        case .new, .consulting, .catchingUp, .erasing, .scanning: stage = .new
        }
    }

    /// What a decision depends on besides what is read.
    struct Context {
        let epoch: Epoch
        let ledger: RoomLedger
        /// The lines that wait, if they matter.
        let held: [HeldLine]
        let undoPeriod: Int64
    }
}
