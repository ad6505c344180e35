import Chat

/// One of the followers of a ``MemoryOrderer``. It stands for the orderer in one server.
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

    /// Has the orderer say that it doesn't know what became of the next groups from this follower,
    /// whether it has ordered their lines or not.
    func loseAnswers(toNext groups: Int = 1, ordering isOrdered: Bool) {
        orderer.loseAnswers(toNext: groups, from: number, ordering: isOrdered)
    }
}
