/// One entry of a room's stream. Lines count `seq`, changes count `rev`, and each change names the
/// `seq` before it. So (seq, rev) is one total order.
public enum RoomEntry: Equatable, Sendable {
    case line(Line)
    /// Changes are rare and large: inline, they would make each line as large.
    indirect case change(RoomChange)
}
