internal import ArgumentParser
internal import Glibc
internal import Reactor

/// What the HTTP API, operators and the check of lines need: the daemon's own settings.
struct APIOptions: ParsableArguments {
    @Option(.apiKeyFile) var apiKeyFile: Given<String?>

    @OptionGroup var operators: OperatorOptions

    @OptionGroup var check: CheckOptions

    /// What can be read of it now. Throws if a flag is wrong in itself.
    func present() throws(FaultList) -> APIFacts {
        // Faults of the configuration file have a check of their own.
        var reading = SettingsReading(faults: FaultList())
        let keys = reading.value(of: apiKeyFile)
        let token = reading.value(of: operators.metricsTokenFile)
        let secret = reading.value(of: check.secretFile)
        let place = reading.value(of: operators.adminListen)
        let url = reading.value(of: check.url)
        try reading.faults.check()
        var facts = APIFacts()
        if let keys { facts.secrets.append(Self.keys(at: keys)) }
        if let token {
            facts.secrets.append(
                Self.secret("file of --metrics-token-file", token) { () throws(Complaint) in
                    _ = try operators.token()
                })
        }
        if let url, let settings = CheckSettings(check, &reading) {
            facts.check = APIFacts.Check(url: url, isSigned: secret != nil)
            if let secret {
                facts.secrets.append(
                    Self.secret("file of --check-secret-file", secret) { () throws(Complaint) in
                        _ = try settings.secret()
                    })
            }
        }
        if let place {
            facts.listening = APIFacts.Listening(
                place: operators.adminListen.text, outcome: Self.tried(place))
        }
        return facts
    }

    private static func keys(at path: String) -> APIFacts.Secret {
        secret("file of --api-key-file", path) { () throws(Complaint) in
            do throws(KeyFileProblem) {
                _ = try APIKeyFile.keys(at: path)
            } catch {
                throw Complaint(.configuration, error.reason)
            }
        }
    }

    private static func secret(
        _ name: String, _ path: String, _ read: () throws(Complaint) -> Void
    ) -> APIFacts.Secret {
        var faults = FaultList()
        _ = faults.collect(read)
        return APIFacts.Secret(
            name: name, path: path, fault: faults.complaints.first?.text,
            mode: SystemCalls.file(at: path, followingLinks: true)?.mode)
    }

    /// Listens for a moment.
    private static func tried(_ place: ListenText) -> APIFacts.Listening.Outcome {
        do throws(SystemError) {
            let sockets = try Listener.listen(host: place.host, port: place.port, sendBuffer: 0)
            for each in sockets { _ = Glibc.close(each.socket.rawValue) }
            return .free
        } catch {
            return error.errno == EADDRINUSE ? .used : .faulty(SystemError.text(error.errno))
        }
    }
}
