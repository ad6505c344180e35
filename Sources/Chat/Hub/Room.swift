/// One room: its members, the numbers of its lines, and what has changed among its members.
///
/// The seats are partitioned. The first ``headCount`` belong to members *at the head*, which get
/// each new line as it arrives. The others are *behind* and are fed at their own pace.
public struct Room {
    /// Whether the room's numbers are known, and entries of its stream are taken.
    public internal(set) var ordering: RoomOrdering
    /// The epoch that gives its numbers their meaning. Nil until the orderer has sent it.
    public internal(set) var epoch: Epoch?
    /// Earlier epochs whose numbers still mean the same lines up to some point.
    var ends: [EpochEnd] = []
    /// The number of the last line, 0 before the first.
    public internal(set) var lastSeq: UInt64 = 0
    /// The number of the last change, 0 before the first.
    public internal(set) var lastRev: UInt64 = 0
    /// The last change before the room appeared.
    public internal(set) var priorRev: UInt64 = 0
    var settings = RoomSettings()
    /// Whether lines must be checked against the settings.
    var hasRules = false
    /// Whether a reader has joined since the last presence event. It doesn't know later which
    /// changes it was told of, so all are told of them, even if they cancel out.
    var hasNewReader = false
    /// The oldest line in the store, or `lastSeq + 1` if there is none.
    public internal(set) var oldest: UInt64 = 1
    public internal(set) var seats: [Seat] = []
    public internal(set) var headCount = 0
    /// The number of members that get presence events: clients of the rich dialect. The other
    /// servers that share the room count as one.
    var listeners: Int32 = 0

    /// The number of changes among the members so far, on a circle of 2^32.
    public internal(set) var changes: UInt32 = 0
    /// The last change that members at the head were told of.
    public internal(set) var toldChanges: UInt32 = 0
    /// When they were told, in milliseconds on the monotonic clock.
    public internal(set) var toldAt: UInt64 = 0
    var presence = PresenceChanges()
    /// The number of the last presence event, 0 before the first.
    var presenceNumber: UInt32 = 0
    /// The number of changes of the list of members, or of its place among the events, on a circle
    /// of 2^32.
    var listVersion: UInt32 = 0

    init(_ ordering: RoomOrdering, epoch: Epoch?) {
        self.ordering = ordering
        self.epoch = epoch
    }

    /// Goes on from a snapshot of its stream.
    mutating func take(_ snapshot: RoomSnapshot) {
        (ordering, epoch, ends) = (.followed, snapshot.epoch, snapshot.ends)
        (lastSeq, oldest) = (snapshot.lastSeq, snapshot.oldest)
    }

    /// Takes the number of a new line.
    mutating func takeNumber() -> UInt64 {
        lastSeq += 1
        return lastSeq
    }

    /// Seats a member on the last seat. Returns whether it is at the head, which it is if all are.
    mutating func took(_ seat: Seat, listens: Bool) -> Bool {
        let isAtHead = headCount == seats.count
        seats.append(seat)
        if isAtHead { headCount += 1 }
        if listens { listeners += 1 }
        return isAtHead
    }

    /// Members have changed. If no member gets presence events, nothing is kept.
    mutating func changed(_ change: (inout PresenceChanges) -> Void) {
        changes &+= 1
        listVersion &+= 1
        if listeners == 0 {
            if !presence.isEmpty { presence = PresenceChanges() }
            toldChanges = changes
        } else {
            change(&presence)
        }
    }

    /// Whether the room's numbers are known, so that a member can enter at a certain line.
    @inlinable public var isOpen: Bool {
        switch ordering {
        case .inPlace, .followed, .lagging: true
        case .asked: false
        }
    }

    /// Whether old lines can be read from its orderer.
    var isStored: Bool {
        switch ordering {
        case .inPlace: false
        case .asked, .followed, .lagging: true
        }
    }
}
