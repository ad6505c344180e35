import Simulation

/// An event of an event stream, read by a reader of its own.
struct StreamedEvent {
    let type: String
    let event: ChatEvent
    let id: String?
    let retry: Int?
}
