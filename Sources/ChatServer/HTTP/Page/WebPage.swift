internal import WebSocket

/// A document for people: HTML with its own style and script. A browser runs nothing else in it.
struct WebPage: Sendable {
    let document: Document
    /// The policy without two parts: the sites that may show the page in a frame, which are a
    /// setting, and the server to connect to, which depends on the request.
    private let policy: String

    /// The chat page. Each module comes after those that it imports.
    static let chat = WebPage(
        template: PackageResources.index_html, style: PackageResources.page_css,
        laterStyle: ModerationScript.style,
        script: PageScript.joined([
            "dom.js": PackageResources.dom_js, "storage.js": PackageResources.storage_js,
            "signs.js": PackageResources.signs_js,
            "emoji.js": PackageResources.emoji_js, "text.js": PackageResources.text_js,
            "names.js": PackageResources.names_js, "time.js": PackageResources.time_js,
            "address.js": PackageResources.address_js, "people.js": PackageResources.people_js,
            "people-panel.js": PackageResources.people_panel_js,
            "tombstones.js": PackageResources.tombstones_js,
            "room.js": PackageResources.room_js, "rooms.js": PackageResources.rooms_js,
            "switcher.js": PackageResources.switcher_js, "rows.js": PackageResources.rows_js,
            "row-window.js": PackageResources.row_window_js,
            "scroll.js": PackageResources.scroll_js, "pace.js": PackageResources.pace_js,
            "list.js": PackageResources.list_js, "announcer.js": PackageResources.announcer_js,
            "status.js": PackageResources.status_js, "panels.js": PackageResources.panels_js,
            "composer.js": PackageResources.composer_js, "picker.js": PackageResources.picker_js,
            "typing.js": PackageResources.typing_js, "token.js": PackageResources.token_js,
            "page.js": PackageResources.page_js,
        ]))

    /// The page of operators.
    static let admin = WebPage(
        template: PackageResources.admin_html, style: PackageResources.admin_css,
        script: PageScript.joined([
            "dom.js": PackageResources.dom_js, "token.js": PackageResources.token_js,
            "time.js": PackageResources.time_js, "buttons.js": PackageResources.buttons_js,
            "room-rules.js": PackageResources.room_rules_js,
            "settings-form.js": PackageResources.settings_form_js,
            "term-list.js": PackageResources.term_list_js,
            "held-lines.js": PackageResources.held_lines_js,
            "mod-log.js": PackageResources.mod_log_js, "words.js": PackageResources.words_js,
            "findings.js": PackageResources.findings_js, "hour.js": PackageResources.hour_js,
            "plots.js": PackageResources.plots_js, "facts.js": PackageResources.facts_js,
            "room-table.js": PackageResources.room_table_js,
            "figure-panels.js": PackageResources.figure_panels_js,
            "actions.js": PackageResources.actions_js, "bans.js": PackageResources.bans_js,
            "room-subject.js": PackageResources.room_subject_js,
            "people-subject.js": PackageResources.people_subject_js,
            "inspector.js": PackageResources.inspector_js, "admin.js": PackageResources.admin_js,
        ]))

    /// Shows and explains how to put the chat on another site.
    static let examples = WebPage(
        template: PackageResources.examples_html, style: PackageResources.examples_css,
        script: PackageResources.examples_js)

    /// Inserts style and script into the empty elements of the template. The script may add
    /// `laterStyle`.
    private init(
        template: [UInt8], style: [UInt8], laterStyle: [UInt8]? = nil, script: [UInt8]
    ) {
        // There is a line feed before and after them within their elements.
        let style = Array("\n".utf8) + PageStyle.squeezed(style)
        let script = Array("\n".utf8) + script
        var content = PageStyle.unindented(template)
        Self.insert(style, before: "</style>", into: &content)
        Self.insert(script, before: "</script>", into: &content)
        document = Document(
            contentType: "text/html; charset=utf-8", content: content, fields: Self.fields)
        let styles = ([style] + [laterStyle].compactMap { $0 })
            .map { "'sha256-\(SHA256.base64(of: $0.span))'" }.joined(separator: " ")
        policy = """
            default-src 'none'; \
            script-src 'self' 'sha256-\(SHA256.base64(of: script.span))'; \
            style-src \(styles); \
            img-src data:; base-uri 'none'; form-action 'none'; \
            require-trusted-types-for 'script'; trusted-types 'none'
            """
    }

    private static func insert(_ part: [UInt8], before mark: String, into content: inout [UInt8]) {
        let place = content.firstRange(of: Array(mark.utf8))
        precondition(place != nil, "a template has no \(mark)")
        precondition(
            part.firstRange(of: Array(mark.utf8)) == nil, "\(mark) would end what it stands in")
        content.insert(contentsOf: part, at: place?.lowerBound ?? 0)
    }

    /// The page's own site may show it in a frame, and so may the sites that may connect. If every
    /// site may connect, none may show it, because it could deceive users about what they see and
    /// click.
    func framing(origins: [String]) -> [ResponseHead.Field] {
        origins.isEmpty ? [ResponseHead.Field("X-Frame-Options", "SAMEORIGIN")] : []
    }

    /// The policy of the page, without the places where it may connect.
    func policy(origins: [String]) -> String {
        "\(policy); frame-ancestors \((["'self'"] + origins).joined(separator: " "))"
    }

    private static let fields = [
        ResponseHead.Field("Referrer-Policy", "no-referrer"),
        ResponseHead.Field(
            "Permissions-Policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ResponseHead.Field("Cross-Origin-Opener-Policy", "same-origin"),
        ResponseHead.Field("Cross-Origin-Embedder-Policy", "require-corp"),
        ResponseHead.Field("Cross-Origin-Resource-Policy", "same-origin"),
    ]
}
