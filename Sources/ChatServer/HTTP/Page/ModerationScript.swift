internal import WebSocket

/// The part of the chat page that only rooms with rules and moderators need: a module that the page
/// loads later, with its own copy of the modules that both use.
enum ModerationScript {
    /// The style that the script adds to the page: the template in its module, which has no
    /// escapes. The page's policy names it by its hash.
    static let style: [UInt8] = {
        let parts = PackageResources.sheet_js.split(separator: UInt8(ascii: "`"))
        precondition(parts.count == 3, "sheet.js has more than one template, or none")
        return Array(parts[1])
    }()

    /// Each module comes after those that it imports.
    static let script: [UInt8] =
        PageScript.joined([
            "dom.js": PackageResources.dom_js, "time.js": PackageResources.time_js,
            "tombstones.js": PackageResources.tombstones_js,
            "buttons.js": PackageResources.buttons_js, "sheet.js": PackageResources.sheet_js,
            "commands.js": PackageResources.commands_js,
            "room-rules.js": PackageResources.room_rules_js,
            "line-menu.js": PackageResources.line_menu_js,
            "settings-form.js": PackageResources.settings_form_js,
            "term-list.js": PackageResources.term_list_js,
            "held-lines.js": PackageResources.held_lines_js,
            "mod-log.js": PackageResources.mod_log_js,
            "desk-panel.js": PackageResources.desk_panel_js, "desk.js": PackageResources.desk_js,
        ]) + Array("export { Desk };\n".utf8)
}

extension Document {
    /// The later part of the chat page.
    static let moderation = Document(
        contentType: "text/javascript; charset=utf-8", content: ModerationScript.script,
        fields: [ResponseHead.Field("Cross-Origin-Resource-Policy", "same-origin")])
}
