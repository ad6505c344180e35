/// What a room that is ordered in place keeps when its members have gone.
struct KeptRoom {
    let settings: RoomSettings
    let lastRev: UInt64
}
