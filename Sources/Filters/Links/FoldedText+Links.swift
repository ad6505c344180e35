extension FoldedText {
    /// Whether the text has a link, as readers and programs that make links see it: a scheme with
    /// `://`, `mailto:`, a name that begins with `www.`, or a host's name with an end like `.com`,
    /// an address of mail included. It doesn't help to write it with invisible, full-width or
    /// look-alike characters, or with brackets around a full stop.
    public var hasLink: Bool {
        [folded, disguised].compactMap(\.self).contains { form in
            var scan = LinkScan(form.bytes)
            return scan.findsLink()
        }
    }
}
