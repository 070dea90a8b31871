import Screen

/// Where everything stands.
struct ScreenLayout {
    static let minimum = Size(columns: 60, rows: 15)
    /// Rows that the chat keeps whatever the composer needs.
    private static let minimumChatRows = 4
    /// The prompt's columns.
    static let promptColumns = 2

    var title: Rect
    var chat: Rect
    var gauges: Rect
    var notice: Rect
    var hints: Rect
    var composer: Rect
    var keyBar: Rect

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
        gauges = rest.takeBottom(1)
        chat = rest
    }

    static func fits(_ size: Size) -> Bool {
        size.columns >= minimum.columns && size.rows >= minimum.rows
    }
}
