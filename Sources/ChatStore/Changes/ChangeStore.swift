public import Chat
internal import Dispatch
internal import Foundation
internal import GRDB
public import Logging
internal import Synchronization

/// Keeps the changes of a server without a history: bans, settings and what moderators did. It
/// orders changes only, and stores each before it is told. The lines that a change is about come
/// with the request.
public final class ChangeStore: Orderer {
    private let file: ChangeFile
    /// Nil until there is a change.
    private let table: Mutex<ChangeTable?>
    private let mailbox: Mailbox
    private let queue = DispatchQueue(label: "change store")
    private let log: Logger?
    private let undoPeriod: Int64

    /// Why the file can't be used, for the operator.
    public struct Refusal: Error, CustomStringConvertible {
        public let description: String
    }

    /// Opens the file of changes of a directory, which must exist. If there is none, it is made
    /// with the first change. `wake` is called on a thread of the store when the first reply is
    /// added to an empty mailbox.
    public init(
        directory: String, undoPeriod: Int64 = 600_000,
        wake: @escaping @Sendable () -> Void, log: Logger? = nil
    ) throws(Refusal) {
        mailbox = Mailbox(wake: wake)
        self.log = log
        self.undoPeriod = undoPeriod
        file = ChangeFile(path: "\(directory)/\(ChangeFile.fileName)", log: log)
        do throws(Fault) {
            table = Mutex(
                file.exists
                    ? ChangeTable(
                        connection: try file.open(at: Date()), undoPeriod: undoPeriod) : nil)
        } catch {
            throw Refusal(description: error.reason)
        }
    }

    /// What all changes add up to. Ask before any other thread uses the store.
    public func snapshot() throws(Refusal) -> ModerationSnapshot {
        do {
            queue.async { [self] in forgetKept() }
            return try table.withLock { table in
                guard let table else { return ModerationSnapshot() }
                var snapshot = try table.snapshot(at: Self.now)
                snapshot.held = try table.held()
                return snapshot
            }
        } catch {
            throw Refusal(description: "\(error)")
        }
    }

    public func submit(_ request: OrdererRequest) {
        switch request {
        case .change(let request): queue.async { [self] in change(request) }
        case .held(let request): queue.async { [self] in held(request) }
        case .report(let id, let room, let query):
            queue.async { [self] in
                let report = try? table.withLock { table in
                    try table?.report(query, of: room, at: Self.now)
                        ?? Report(entries: [], hasMore: false)
                }
                mailbox.add(.reported(id: id, report))
            }
        // There is no other server.
        case .notify: break
        case .append, .follow, .catchUp, .unfollow, .read, .present:
            preconditionFailure("the server orders its lines itself")
        }
    }

    public func takeReplies(into replies: inout [OrdererReply]) {
        mailbox.take(into: &replies)
    }

    public var metrics: StoreMetrics { StoreMetrics() }

    /// Waits until all that was submitted is kept.
    public func close() {
        queue.sync {}
        table.withLock { try? $0?.connection.close() }
    }

    private static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    /// Forgets deleted lines whose time is over, and does so again when the next time is.
    private func forgetKept() {
        do {
            guard let table = table.withLock({ $0 }) else { return }
            if try table.forgetKept(at: Self.now) {
                while try table.forgetKept(at: Self.now) {}
                _ = try GoneLines.emptyLog(of: table.connection)
            }
            guard let end = try table.keptEnd() else { return }
            let wait = Int(clamping: max(end - Self.now.milliseconds, 0)) + 1
            queue.asyncAfter(deadline: .now() + .milliseconds(wait)) { [weak self] in
                self?.forgetKept()
            }
        } catch {
            log?.error("Deleted lines stay in the file", metadata: ["error": "\(error)"])
        }
    }

    private func opened() throws -> ChangeTable {
        try table.withLock { table in
            if let table { return table }
            let opened = ChangeTable(
                connection: try file.open(at: Date()), undoPeriod: undoPeriod)
            table = opened
            return opened
        }
    }

    /// Keeps lines that wait. The server says them itself, once they are forgotten here: after a
    /// crash, none is said twice.
    private func held(_ request: HeldRequest) {
        do {
            let table = try opened()
            switch request {
            case .hold(let hold): mailbox.add(.held(.held(try table.hold([hold]))))
            case .release(let ids, let time):
                let lines = try table.waiting(ids)
                try table.forgetHeld(lines.map(\.id))
                let said = lines.map { line in
                    HeldReply.Said(id: line.id, seq: nil, time: line.said(at: time).time)
                }
                mailbox.add(.held(.released(said, of: ids)))
                try table.emptyLog()
            }
        } catch {
            log?.error("A line that waits can't be kept", metadata: ["error": "\(error)"])
            mailbox.add(.held(request.failure))
        }
    }

    private func change(_ request: ChangeRequest) {
        do {
            let table = try opened()
            switch try table.known(request) {
            case .success(let rev): mailbox.add(.changed(id: request.id, .ordered(rev: rev)))
            case .failure(let refusal):
                mailbox.add(.changed(id: request.id, .refused(refusal)))
            case nil:
                let change = try table.make(request, isKept: false)
                mailbox.add([
                    .entries(request.room, [.change(change)]),
                    .changed(id: request.id, .ordered(rev: change.rev)),
                ])
                if case .restored(let restored) = change.kind {
                    while try table.forgetKept(of: request.room, restored.of) {}
                }
                if !change.goneLines.isEmpty { forgetKept() }
                if !change.rejected.isEmpty { try table.emptyLog() }
            }
        } catch let refusal as Chat.Refusal {
            mailbox.add(.changed(id: request.id, .refused(refusal)))
        } catch {
            log?.error("A change can't be kept", metadata: ["error": "\(error)"])
            mailbox.add(.changed(id: request.id, .failed))
        }
    }
}
