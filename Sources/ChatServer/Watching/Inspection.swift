internal import Chat
internal import Reactor

/// Sums over a server's state at the end of a tick. Simulations check with them that the server
/// keeps its memory limits, and that its counts are right.
package struct Inspection: Equatable, Sendable {
    package var connections = 0
    /// Connections in the chat.
    package var sessions = 0
    /// Those of them with waiting bytes.
    package var waitingSessions = 0
    package var rooms = 0
    /// All waiting bytes. Each shared chunk counts once.
    package var waitingBytes = 0
    /// Bytes that wait or are kept in logs. Each shared chunk counts once.
    package var keptBytes = 0
    /// All that counts for the budget.
    package var accountedBytes = 0
    /// Clients with a context for compressed messages, the bytes of these, and the promised bytes.
    package var contexts = 0
    package var contextBytes = 0
    package var promisedContextBytes = 0
    /// Chunks that are referred to.
    package var chunks = 0
    /// The most bytes that wait in each lane for one connection in the chat.
    package var lineBytes = 0
    package var controlBytes = 0
    /// The most bytes in one room's log.
    package var roomLogBytes = 0
    /// Lines on their way to the store, and their bytes.
    package var drafts = 0
    package var draftBytes = 0
    /// Pages that were requested from the store, and pages that have arrived and wait.
    package var readsUnderWay = 0
    package var arrivedPages = 0
    /// Commands and members that wait for the store.
    package var waitingForStore = 0
    /// Names that guests can't take, and names of members that were looked at.
    package var names = 0
    /// Ids of lines that are remembered.
    package var recentSends = 0
    /// Counts that differ from what they count.
    package var contradictions: [String] = []
}
