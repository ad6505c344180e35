/// What the log says at most once a minute, however much happens.
struct PeriodicLog {
    var refusedOrigins = RefusedOrigins()
    var minute = MinuteCounts()
}
