internal import Chat
internal import WebSocket

/// The description of the API, made from the table of routes (OpenAPI 3.1.0).
///
/// A schema tells what a request must be in form. What a text may be, and what a room's rules
/// refuse, no schema can tell: such a request gets 422.
enum OpenAPI {
    static var document: String {
        let paths = APIResource.all.map { resource in
            let operations = resource.operations.map { operation in
                "\(quoted(operation.method.lowercasedName)):\(text(of: operation))"
            }
            return "\(quoted(resource.path)):{\(operations.joined(separator: ","))}"
        }
        let schemas = OpenAPISchema.all.map { "\(quoted($0.name)):\($0.text)" }
        return """
            {"openapi":"3.1.0","info":{"title":"Hubbub","version":\(quoted(Version.current)),\
            "description":"Live chat for a crowd.","license":{"name":"MIT","identifier":"MIT"}},\
            "servers":[{"url":"/api/v1"}],\
            "security":[{"bearer":[]}],\
            "paths":{\(paths.joined(separator: ","))},\
            "components":{"securitySchemes":{"bearer":{"type":"http","scheme":"bearer",\
            "description":"A token (JWT), or a static key."}},\
            "responses":{"Problem":{"description":"The request fails.","headers":{\
            "Retry-After":{"description":"Seconds after which the request may succeed.",\
            "schema":{"type":"integer","minimum":0}}},"content":{"application/problem+json":\
            {"schema":{"$ref":"#/components/schemas/Problem"}}}}},\
            "schemas":{\(schemas.joined(separator: ","))}}}
            """
    }

    private static func text(of operation: APIOperation) -> String {
        var fields = [
            #""operationId":"# + quoted(operation.rawValue),
            #""summary":"# + quoted(operation.summary),
        ]
        switch operation.access {
        case .everybody: fields.append(#""security":[]"#)
        case .readers: fields.append(#""security":[{},{"bearer":[]}]"#)
        case .users: break
        }
        let parameters = parameters(of: operation)
        if !parameters.isEmpty {
            fields.append(#""parameters":[\#(parameters.joined(separator: ","))]"#)
        }
        if let content = operation.content {
            fields.append(
                #""requestBody":{"required":true,"content":{"application/json":{"schema":"#
                    + reference(content) + "}}}")
        }
        let answers = operation.answers.map { answer in
            let types = answer.types.map { type in
                let schema = type == "application/x-ndjson" ? "Lines" : answer.schema
                return "\(quoted(type)):{\"schema\":\(reference(schema))}"
            }
            return #""\#(answer.status.rawValue)":{"description":"#
                + quoted(answer.status.reasonPhrase)
                + #","content":{\#(types.joined(separator: ","))}}"#
        }
        let problem = ##"{"$ref":"#/components/responses/Problem"}"##
        fields.append(
            #""responses":{"#
                + (answers + [#""4XX":"# + problem, #""5XX":"# + problem]).joined(separator: ",")
                + "}")
        return "{\(fields.joined(separator: ","))}"
    }

    private static func parameters(of operation: APIOperation) -> [String] {
        var parameters: [String] = []
        if operation.path.contains("{room}") {
            let schema = operation.mayBeEverywhere ? "RoomNameOrAll" : "RoomName"
            parameters.append(parameter("room", in: "path", schema: reference(schema)))
        }
        if operation.path.contains("{seq}") {
            parameters.append(parameter("seq", in: "path", schema: reference("Number")))
        }
        if operation.path.contains("{sub}") {
            parameters.append(parameter("sub", in: "path", schema: reference("User")))
        }
        for query in operation.query {
            parameters.append(
                parameter(
                    query.name, in: "query", schema: query.schema, isRequired: query.isRequired))
        }
        if operation.method != .get {
            parameters.append(
                parameter(
                    "Idempotency-Key", in: "header",
                    schema: #"{"type":"string","pattern":"\#(keyPattern)"}"#))
        }
        return parameters
    }

    /// With or without quotes.
    private static let keyPattern = {
        let visible = "[!#-~]"
        let limit = Command.idLengthLimit
        return #"^(\"[ !#-~]{1,\#(limit)}\"|\#(visible)([ !#-~]{0,\#(limit - 2)}\#(visible))?)$"#
    }()

    private static func parameter(
        _ name: String, in place: String, schema: String, isRequired: Bool = false
    ) -> String {
        let required = isRequired || place == "path" ? #","required":true"# : ""
        return #"{"name":"\#(name)","in":"\#(place)"\#(required),"schema":\#(schema)}"#
    }

    private static func reference(_ name: String) -> String {
        ##"{"$ref":"#/components/schemas/\##(name)"}"##
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        EventWriter.appendEscaped(text.utf8.span, to: &bytes)
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }
}

extension RequestMethod {
    /// The key of the method's operation in a description.
    fileprivate var lowercasedName: String { apiNames.first?.lowercased() ?? "" }
}
