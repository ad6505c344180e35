internal import Chat
internal import Identity
internal import WebSocket

/// The operations that share a path.
struct APIResource {
    /// A segment of a path.
    private enum Segment: Equatable {
        case literal([UInt8])
        case room
        case seq
        case sub
    }

    /// What the path of a request names.
    struct Target {
        var room = RoomName.lobby
        var seq: UInt64 = 0
        /// A user.
        var sub = ""
    }

    private static let prefix: StaticString = "/api/"
    private static let root: StaticString = "/api/v1/"
    static let all: [APIResource] = {
        var resources: [APIResource] = []
        for operation in APIOperation.allCases {
            if let place = resources.firstIndex(where: { $0.path == operation.path }) {
                resources[place].operations.append(operation)
            } else {
                resources.append(APIResource(operation))
            }
        }
        return resources
    }()

    let path: String
    private let segments: [Segment]
    private(set) var operations: [APIOperation]

    private init(_ operation: APIOperation) {
        path = operation.path
        segments = path.split(separator: "/").map { segment in
            switch segment {
            case "{room}": .room
            case "{seq}": .seq
            case "{sub}": .sub
            default: .literal(Array(segment.utf8))
            }
        }
        operations = [operation]
    }

    /// Whether a path belongs to the API, whether or not there is a resource at it.
    static func isPath(_ path: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        bytes.extracting(path).begins(with: prefix, ignoringCase: false)
    }

    /// Whether a request for the API begins with these bytes, as far as they tell.
    static func isBegun(by bytes: Span<UInt8>) -> Bool {
        // The longest method that matters is OPTIONS.
        for index in 0..<min(bytes.count, 8) where bytes[index] == UInt8(ascii: " ") {
            return isPath(index + 1..<bytes.count, in: bytes)
        }
        return false
    }

    /// The resource at a path, and what the path names.
    static func at(
        _ path: Range<Int>, in bytes: Span<UInt8>
    ) throws(Problem) -> (resource: APIResource, target: Target) {
        guard bytes.extracting(path).begins(with: root, ignoringCase: false),
            let places = Places(path.dropFirst(root.utf8CodeUnitCount), in: bytes),
            let resource = all.first(where: { $0.matches(places, in: bytes) })
        else { throw .nothing }
        return (resource, try resource.target(places, in: bytes))
    }

    /// The places of the segments of a path.
    private struct Places {
        private(set) var count = 0
        private var places = InlineArray<4, Range<Int>>(repeating: 0..<0)

        /// Nil if there are more segments than any resource has.
        init?(_ path: Range<Int>, in bytes: Span<UInt8>) {
            var start = path.lowerBound
            for index in path where bytes[index] == UInt8(ascii: "/") {
                guard count < places.count - 1 else { return nil }
                places[count] = start..<index
                (start, count) = (index + 1, count + 1)
            }
            places[count] = start..<path.upperBound
            count += 1
        }

        subscript(index: Int) -> Range<Int> { places[index] }
    }

    private func matches(_ places: Places, in bytes: Span<UInt8>) -> Bool {
        guard places.count == segments.count else { return false }
        // Paths differ most in their last segments.
        for index in segments.indices.reversed() {
            guard case .literal(let text) = segments[index] else { continue }
            let segment = bytes.extracting(places[index])
            guard segment.count == text.count else { return false }
            for place in text.indices where segment[place] != text[place] { return false }
        }
        return true
    }

    private func target(
        _ places: Places, in bytes: Span<UInt8>
    ) throws(Problem) -> Target {
        var target = Target()
        for index in segments.indices {
            switch segments[index] {
            case .literal: break
            case .room: target.room = try room(places[index], in: bytes)
            case .seq:
                let text = PercentText.decoded(bytes, places[index]) ?? []
                guard let seq = UInt64(String(decoding: text, as: UTF8.self)) else {
                    throw Problem(
                        .notFound, "not_found", "A line's number is a whole number, such as 42.")
                }
                target.seq = seq
            case .sub:
                guard let text = PercentText.decoded(bytes, places[index]),
                    let sub = String(validating: text, as: UTF8.self),
                    1...Claims.subjectBytes ~= sub.utf8.count
                else {
                    throw Problem(
                        .notFound, "not_found",
                        "A user has 1 to \(Claims.subjectBytes) bytes of UTF-8, percent-encoded.")
                }
                target.sub = sub
            }
        }
        return target
    }

    /// The room in a path.
    private func room(
        _ place: Range<Int>, in bytes: Span<UInt8>
    ) throws(Problem) -> RoomName {
        // A name has no byte that must be encoded, so few are.
        if let room = RoomName(bytes.extracting(place)), !room.isRelative { return room }
        let text = PercentText.decoded(bytes, place)
        if text == [UInt8(ascii: "*")], operations.contains(where: \.mayBeEverywhere) {
            return .everywhere
        }
        guard let text, let room = RoomName(text.span), !room.isRelative else {
            throw Problem(.notFound, Refusal.invalidRoom.code.rawValue, RoomName.rule)
        }
        return room
    }

    /// The operation that a method asks for. HEAD asks for what GET does, without its content.
    func operation(_ method: RequestMethod) -> APIOperation? {
        let wanted = method == .head ? .get : method
        return operations.first { $0.method == wanted }
    }

    /// The methods that the resource allows, for `Allow`.
    var allowedMethods: String {
        var names: [String] = []
        for operation in operations { names += operation.method.apiNames }
        return (names + ["OPTIONS"]).joined(separator: ", ")
    }
}

extension RequestMethod {
    /// The names of the methods that an operation of this method answers.
    var apiNames: [String] {
        switch self {
        case .get: ["GET", "HEAD"]
        case .post: ["POST"]
        case .put: ["PUT"]
        case .delete: ["DELETE"]
        case .patch: ["PATCH"]
        case .head: ["HEAD"]
        case .options: ["OPTIONS"]
        case .known, .unknown: []
        }
    }
}
