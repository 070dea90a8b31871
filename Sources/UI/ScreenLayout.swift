import Screen

/// Where everything stands.
struct ScreenLayout {
    static let minimum = Size(columns: 60, rows: 15)
    /// Rows that the chat keeps whatever the composer needs.
    private static let minimumChatRows = 4
    /// The prompt's columns.
    static let promptColumns = 2

    var title: Rect
    /// The row above the chat where there is a panel; else empty.
    var heading: Rect
    var chat: Rect
    /// The meters beside the chat, with their border; else empty.
    var panel: Rect
    /// The gauges in one row, where there is no panel; else empty.
    var gauges: Rect
    var notice: Rect
    var hints: Rect
    var composer: Rect
    var keyBar: Rect
    /// Where the panes of a comparison stand, while there is one; `chat` is that in focus then.
    var pair: PairLayout?

    /// Columns of the composer's text; one more stays free for the cursor.
    static func composerWidth(columns: Int) -> Int {
        max(1, columns - promptColumns - 1)
    }

    init(_ model: AppModel) {
        var rest = Rect(column: 0, row: 0, columns: model.size.columns, rows: model.size.rows)
        title = rest.takeTop(1)
        keyBar = rest.takeBottom(model.showsKeyBar ? 1 : 0)
        let room = max(1, rest.rows - 2 - Self.minimumChatRows)
        let notices = min(model.notice.count, max(0, room - 1))
        let rows = min(model.composer.layout.lines.count, Composer.maximumRows, max(1, room - notices))
        composer = rest.takeBottom(rows)
        hints = rest.takeBottom(1)
        notice = rest.takeBottom(notices)
        gauges = rest.takeBottom(model.showsPanel || model.pair != nil ? 0 : 1)
        heading = Rect(column: 0, row: rest.row, columns: 0, rows: 0)
        panel = heading
        let columns = Self.chatColumns(model.size, hasPanel: model.showsPanel)
        if model.showsPanel {
            panel = Rect(column: columns, row: rest.row, columns: rest.columns - columns, rows: rest.rows)
            heading = rest.takeTop(1)
            heading.columns = columns
            rest.columns = columns
        }
        chat = rest
        guard let pair = model.pair else { return }
        let places = PairLayout(rest, pair, focus: model.focusedSide, columns: model.size.columns)
        self.pair = places
        chat = places.panes[model.focusedSide]?.text ?? rest
    }

    /// Columns of the chat: all of them, but for a panel and its border.
    static func chatColumns(_ size: Size, hasPanel: Bool) -> Int {
        let isWide = hasPanel && size.columns >= SidePanel.minimumScreenColumns
        return isWide ? size.columns - SidePanel.columns - 1 : size.columns
    }

    static func fits(_ size: Size) -> Bool {
        size.columns >= minimum.columns && size.rows >= minimum.rows
    }
}
