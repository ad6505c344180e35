internal import WebSocket

extension Document {
    /// The description of the API, for programs on any page.
    static let api = Document(
        contentType: "application/json", content: Array(OpenAPI.document.utf8),
        fields: [ResponseHead.Field("Access-Control-Allow-Origin", "*")])
}
