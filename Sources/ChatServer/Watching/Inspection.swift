internal import Chat
internal import Reactor

/// Sums over a server's state at the end of a tick, for simulations that check its promises about
/// memory, and that its counts agree with what they count.
package struct Inspection: Equatable, Sendable {
    package var connections = 0
    /// Connections in the chat.
    package var sessions = 0
    /// Those of them for whom bytes wait.
    package var waitingSessions = 0
    package var rooms = 0
    /// Bytes that wait in all, each shared chunk counted once.
    package var waitingBytes = 0
    /// Bytes that wait or are kept in logs, each shared chunk counted once.
    package var keptBytes = 0
    /// Clients with a context for compressed messages, what those take, and what is promised.
    package var contexts = 0
    package var contextBytes = 0
    package var promisedContextBytes = 0
    /// Chunks that something refers to.
    package var chunks = 0
    /// The most bytes that wait in each lane for one connection in the chat.
    package var lineBytes = 0
    package var controlBytes = 0
    /// The most bytes that one room's log keeps.
    package var roomLogBytes = 0
    /// Lines on their way to the store, and what they count for.
    package var drafts = 0
    package var draftBytes = 0
    /// Pages that the store was asked for, and those that have come and wait.
    package var readsUnderWay = 0
    package var arrivedPages = 0
    /// Commands, and members, that wait for the store.
    package var waitingForStore = 0
    /// Ids of lines that are known.
    package var recentSends = 0
    /// Counts that don't agree with what they count.
    package var contradictions: [String] = []
}
