internal import WebSocket

/// Example messages of clients.
enum Example {
    static let plainLine =
        #"{"username":"ann","message":"Hello everybody, can you hear me well today?"}"#
    static let richLine =
        #"{"type":"message","id":"5f0c6b1e-7a52-4f4e-9d3f-2a1b","room":"lobby","#
        + #""message":"Hello everybody, can you hear me well today?"}"#
    static let join =
        #"{"type":"join","id":"1","room":"lobby","username":"ann","#
        + #""after":{"epoch":"k3v9","seq":41}}"#
    /// 4 KiB of two-byte letters.
    static let cyrillic = String(repeating: "Привет, как дела? ", count: 128)

    /// An opening handshake like a browser's.
    static let request = Array(
        """
        GET /ws HTTP/1.1\r
        Host: chat.example.org\r
        Connection: Upgrade\r
        Pragma: no-cache\r
        Cache-Control: no-cache\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r
        Upgrade: websocket\r
        Origin: https://chat.example.org\r
        Sec-WebSocket-Version: 13\r
        Accept-Language: en-US,en;q=0.9\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r

        """.utf8)

    /// A client's frame with a text.
    static func masked(_ text: String, _ opcode: Opcode = .text) -> [UInt8] {
        var frame: [UInt8] = []
        FrameEncoder.appendMasked(
            opcode, Array(text.utf8).span, key: MaskingKey(0x3D21_FA37), to: &frame)
        return frame
    }
}
