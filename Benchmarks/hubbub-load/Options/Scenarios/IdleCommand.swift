internal import ArgumentParser

struct IdleCommand: ScenarioCommand {
    static let configuration = CommandConfiguration(
        commandName: "idle",
        abstract: "Opens connections that do nothing: the server's memory for each.",
        discussion: """
            Needs --server-pid. Counted is the process's own memory (Pss_Anon and Pss_Shmem of \
            smaps_rollup), not what the kernel keeps for sockets.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "Seconds to hold all of them.")
    var hold = 10.0

    var settings: Settings { Settings(.idle, common, connections: 1_000, duration: hold) }
}
