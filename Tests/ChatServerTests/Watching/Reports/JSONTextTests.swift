import Chat
import Foundation
import Testing

@testable import ChatServer

@Suite struct JSONTextTests {
    @Test func `it is the JSON that another decoder reads`() throws {
        var json = JSONText()
        json.beginObject()
        json.field("text", "a\"\\\u{1}é")
        json.field("number", -7)
        json.field("large", UInt64.max)
        json.field("tenths", tenths: 123)
        json.field("whole", tenths: 120)
        json.field("truth", true)
        json.field("time", Timestamp(milliseconds: 1_000))
        json.beginArray("list")
        json.beginObject()
        json.end()
        json.field(nil, 1)
        json.beginArray()
        json.end()
        json.field(nil, json: Array("null".utf8))
        json.end()
        json.field("é", false)
        json.end()
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(
            text == #"{"text":"a\"\\\u0001é","number":-7,"large":18446744073709551615,"#
                + #""tenths":12.3,"whole":12,"truth":true,"time":"1970-01-01T00:00:01.000Z","#
                + #""list":[{},1,[],null],"é":false}"#)
        _ = try JSONSerialization.jsonObject(with: Data(json.bytes))
    }
}
