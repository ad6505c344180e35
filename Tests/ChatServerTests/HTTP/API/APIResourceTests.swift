import Chat
import Foundation
import Testing

@testable import ChatServer
@testable import WebSocket

/// The table of routes, and the description that is made from it.
@Suite struct APIResourceTests {
    private static func resource(
        _ path: String
    ) throws(Problem) -> (resource: APIResource, target: APIResource.Target) {
        let bytes = Array(path.utf8)
        return try APIResource.at(0..<bytes.count, in: bytes.span)
    }

    @Test(arguments: APIOperation.allCases)
    func `each operation is found at its path, by its method alone`(_ operation: APIOperation)
        throws
    {
        let path =
            "/api/v1"
            + operation.path.replacing("{room}", with: "go-1.x_")
            .replacing("{seq}", with: "42").replacing("{sub}", with: "a%2Fb")
        let (resource, target) = try Self.resource(path)
        #expect(resource.path == operation.path)
        #expect(resource.operation(operation.method) == operation)
        let others = APIOperation.allCases.filter {
            $0 != operation && $0.path == operation.path
        }
        #expect(!others.contains { $0.method == operation.method })
        if operation.path.contains("{room}") { #expect(target.room.text == "go-1.x_") }
        if operation.path.contains("{seq}") { #expect(target.seq == 42) }
        if operation.path.contains("{sub}") { #expect(target.sub == "a/b") }
        #expect(resource.operation(.put) == nil)
        #expect((resource.operation(.head) == nil) == (resource.operation(.get) == nil))
    }

    @Test func `segments may be percent-encoded`() throws {
        let (_, target) = try Self.resource("/api/v1/rooms/%67%6f/messages")
        #expect(target.room.text == "go")
        #expect(try Self.resource("/api/v1/rooms/%2a/bans").target.room == .everywhere)
        #expect(try Self.resource("/api/v1/rooms/*/bans").target.room == .everywhere)
    }

    @Test(arguments: [
        "/api/v1", "/api/v1/", "/api/v1//", "/api/v1/rooms/", "/api/v1/rooms//members",
        "/api/v1/rooms/a/b/c", "/api/v1/rooms/a/messages/1/2/3", "/api/v1/rooms/.",
        "/api/v1/rooms/%2e%2E", "/api/v1/rooms/%",
        "/api/v1/rooms/%4", "/api/v1/rooms/%zz", "/api/v1/rooms/a%2fb", "/api/v1/rooms/A",
        "/api/v1/rooms/*/messages", "/api/v1/rooms/go/messages/-1",
        "/api/v1/rooms/go/messages/1.0", "/API/v1/rooms",
        "/api/v1/rooms/" + String(repeating: "a", count: 65),
        "/api/v1/connections/", "/api/v1/connections/%ff", "/api/v1/connections/a/b",
        "/api/v1/connections/" + String(repeating: "a", count: 129),
    ])
    func `other paths have nothing`(path: String) {
        let problem = #expect(throws: Problem.self) { try Self.resource(path) }
        #expect(problem?.status == .notFound)
    }

    @Test func `the description has each route, and all that it refers to`() throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(OpenAPI.document.utf8))
        let document = try #require(parsed as? [String: Any])
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        for operation in APIOperation.allCases {
            let method = try #require(operation.method.apiNames.first?.lowercased())
            let entry = try #require(paths[operation.path]?[method])
            #expect(entry["operationId"] as? String == operation.rawValue)
            #expect((entry["requestBody"] != nil) == operation.takesContent)
            let responses = try #require(entry["responses"] as? [String: Any])
            #expect(responses.keys.contains { $0.hasPrefix("2") })
            #expect(responses["4XX"] != nil && responses["5XX"] != nil)
        }
        #expect(paths.values.map(\.count).reduce(0, +) == APIOperation.allCases.count)
        let schemas = try #require(
            (document["components"] as? [String: Any])?["schemas"] as? [String: Any])
        let references = OpenAPI.document.matches(of: /"\$ref":"#\/components\/schemas\/(\w+)"/)
        #expect(!references.isEmpty)
        for reference in references { #expect(schemas[String(reference.1)] != nil) }
        let named = Set(references.map { String($0.1) })
        #expect(Set(schemas.keys).subtracting(named) == [], "schemas that nothing refers to")
    }
}
