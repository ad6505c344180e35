import Chat

/// One follower of a ``MemoryOrderer``. A server uses it as its orderer.
final class MemoryFollower: Orderer {
    private let orderer: MemoryOrderer
    private let number: Int
    private let mailbox: MemoryMailbox

    init(_ orderer: MemoryOrderer, number: Int, mailbox: MemoryMailbox) {
        self.orderer = orderer
        self.number = number
        self.mailbox = mailbox
    }

    func submit(_ request: OrdererRequest) { orderer.submit(request, from: number) }

    func takeReplies(into replies: inout [OrdererReply]) { mailbox.take(into: &replies) }

    var metrics: StoreMetrics { orderer.metrics }

    var isShared: Bool { true }

    /// Makes the orderer answer the next groups of this follower with "unknown", whether it orders
    /// their lines or not.
    func loseAnswers(toNext groups: Int = 1, ordering isOrdered: Bool) {
        orderer.loseAnswers(toNext: groups, from: number, ordering: isOrdered)
    }
}
