internal import Chat
internal import Reactor
internal import WebSocket

/// Lines that have come from the store for members that are behind.
struct ArrivedPage {
    let key: History.ReadKey
    /// Nil where they could not be read.
    let page: HistoryPage?
    /// The lines in frames, to which the page has a reference; nil where there are none.
    let lines: EncodedLines?
    /// Who has yet to get them.
    var members: [Token]
}
