/// What happens to the messages between ``PresenceNodes``. Times are in milliseconds.
package struct PresenceFaults {
    /// The longest way of a message or command.
    package var delay: UInt64 = 5
    /// Of 1 000 notices, so many are lost, doubled, or later by up to ``lag``.
    package var losses = 0
    package var doubles = 0
    package var lags = 0
    package var lag: UInt64 = 300

    package init() {}
}
