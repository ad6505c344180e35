/// The version of the daemon.
public enum Version {
    public static let current = "0.1.0"
}
