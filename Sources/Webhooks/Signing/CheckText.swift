public import Chat
internal import Foundation

/// The request about a line that is to be checked, and its answer, in JSON.
public enum CheckText {
    /// The content of a request.
    public static func content(of request: CheckRequest) -> [UInt8] {
        var content: [UInt8] = []
        EventWriter.check(request.draft, into: &content)
        return content
    }

    /// What an answer says. No content means that the line may be said.
    public static func verdict(status: Int, _ content: [UInt8]) -> CheckAnswer.Verdict {
        if status == 204 { return .allow }
        guard status == 200,
            let answer = try? JSONSerialization.jsonObject(with: Data(content)) as? [String: Any]
        else { return .failed }
        switch answer["action"] as? String {
        case "allow": return .allow
        case "hold": return .hold
        case "change": return (answer["message"] as? String).map { .change($0) } ?? .failed
        case "refuse":
            let reason = answer["reason"] as? String ?? ""
            return .refuse(reason.isEmpty ? "The line was refused." : cut(reason))
        default: return .failed
        }
    }

    /// A sender gets no longer reason.
    private static func cut(_ reason: String) -> String {
        String(reason.unicodeScalars.prefix(500).map { Character($0) })
    }
}
