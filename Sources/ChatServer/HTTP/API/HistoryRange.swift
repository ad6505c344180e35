internal import WebSocket

/// Lines of a room that a request wants.
struct HistoryRange {
    /// Only later lines than this one, the first of them. Nil: the last ones.
    let after: UInt64?
    /// Only earlier lines than this one.
    let before: UInt64
    let limit: Int
    /// Whether each line stands alone, as NDJSON.
    let isListed: Bool

    var contentType: String { isListed ? "application/x-ndjson" : "application/json" }

    /// A link to the lines beyond `edge`, if there are more (RFC 8288).
    func fields(more: Bool, edge: UInt64) -> [ResponseHead.Field] {
        guard more else { return [] }
        let form = isListed ? "&format=ndjson" : ""
        let link =
            after == nil
            ? #"<?before=\#(edge)&limit=\#(limit)\#(form)>; rel="prev""#
            : #"<?after=\#(edge)&limit=\#(limit)\#(form)>; rel="next""#
        return [ResponseHead.Field("Link", link)]
    }
}
