import Chat
import Foundation
import Identity
import Testing

@testable import Webhooks

/// A daemon with one webhook, and the receiver of that, on a simulated clock. A crash forgets all
/// but what is stored.
struct Receiver {
    struct Event: Equatable {
        let id: String
        let type: String
        let room: String
        let seq: UInt64?
        let json: String
    }

    let store = StoredRooms()
    let webhook: Webhook
    private let isStored: Bool
    private(set) var feed = EventFeed(incarnation: "i1")
    private(set) var follower: WebhookFollower
    /// Milliseconds since the start, which was at this time.
    private(set) var now: UInt64 = 1_000
    static let start: Int64 = 1_700_000_000_000
    /// What the receiver has got, in order, with repeats.
    private(set) var got: [Event] = []
    /// Times of all requests, and their ids.
    private(set) var tries: [UInt64] = []
    private(set) var ids: [String] = []
    private var runs = 1

    init(
        kinds: Set<WebhookEventKind> = WebhookEventKind.standard, rooms: String = "*",
        isStored: Bool = true
    ) {
        guard let secret = WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3") else {
            preconditionFailure("a valid secret")
        }
        webhook = Webhook(
            name: "app", url: "https://app.example/", secret: secret, kinds: kinds,
            rooms: [RoomPattern(rooms)].compactMap(\.self))
        self.isStored = isStored
        feed.keep(kinds)
        follower = WebhookFollower(webhook, state: nil, feed: feed, isStored: isStored)
    }

    var time: Int64 { Self.start + Int64(now) }
    private var source: StoredRooms? { isStored ? store : nil }

    func say(_ text: String, in room: RoomName = .lobby) { store.say(text, in: room, at: time) }

    mutating func pass(_ milliseconds: UInt64) { now += milliseconds }

    /// The process dies, and another one begins.
    mutating func crash() {
        runs += 1
        feed = EventFeed(incarnation: "i\(runs)")
        feed.keep(webhook.kinds)
        follower = WebhookFollower(
            webhook, state: isStored ? store.states[webhook.name] : nil, feed: feed,
            isStored: isStored)
    }

    /// Lets requests be made until a time, or until there is nothing to do. `answer` is the status
    /// of the answer to each, or nil if there is none. Returns whether there is nothing to do.
    @discardableResult
    mutating func run(
        until end: UInt64 = .max, jitter: Double = 0.5, _ answer: (Int) -> Int? = { _ in 200 }
    ) throws -> Bool {
        while true {
            let wall = Timestamp(milliseconds: time)
            switch try follower.step(from: source, at: now, time: wall) {
            case .wait(nil): return true
            case .wait(let next?):
                guard next <= end else {
                    now = end
                    return false
                }
                now = max(now, next)
            case .post(let post):
                tries.append(now)
                ids.append(post.id)
                let status = answer(tries.count)
                // Half of those that fail have arrived all the same.
                if let status, 200..<300 ~= status { try take(post) }
                try follower.answered(
                    status.map { WebhookOutcome(status: $0) } ?? .failed, to: source, at: now,
                    time: Timestamp(milliseconds: time), jitter: jitter)
                if follower.hasEnded { return true }
            }
        }
    }

    /// A request arrives, and the process dies before it has the answer.
    mutating func runIntoCrash() throws {
        let wall = Timestamp(milliseconds: time)
        if case .post(let post) = try follower.step(from: source, at: now, time: wall) {
            try take(post)
        }
        crash()
    }

    private mutating func take(_ post: WebhookPost) throws {
        let body = try JSONSerialization.jsonObject(with: Data(post.body)) as? [String: Any]
        let events = try #require(body?["events"] as? [[String: Any]])
        #expect(events.count == post.count)
        for event in events {
            let data = try JSONSerialization.data(withJSONObject: event, options: .sortedKeys)
            got.append(
                Event(
                    id: try #require(event["id"] as? String),
                    type: try #require(event["type"] as? String),
                    room: event["room"] as? String ?? "",
                    seq: (event["seq"] as? NSNumber)?.uint64Value,
                    json: String(decoding: data, as: UTF8.self)))
        }
    }

    /// The numbers of a room's lines, each once, in the order in which they first came.
    func seqs(of room: RoomName = .lobby) -> [UInt64] {
        var seen: Set<String> = []
        return got.filter { $0.type == "message" && $0.room == room.text }
            .filter { seen.insert($0.id).inserted }.compactMap(\.seq)
    }

    var types: [String] { got.map(\.type) }
}
