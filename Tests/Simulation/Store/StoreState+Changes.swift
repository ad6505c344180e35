internal import Chat

/// Changes of rooms.
extension StoreState {
    mutating func change(_ request: ChangeRequest, answered moment: StoreMoment) {
        let (answer, change) = phase.isOpen ? disk.change(request) : (.failed, nil)
        if let change {
            var entries = EntriesByRoom()
            entries.add(.change(change), in: request.room)
            tell(entries, at: moment)
        }
        schedule.tell(.changed(id: request.id, answer), at: moment)
    }
}
