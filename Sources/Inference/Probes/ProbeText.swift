/// The text that probes fill distances with, and whose prediction they measure by position.
///
/// William Morris, News from Nowhere (1890), chapters I to IV, after Project Gutenberg's transcription of the edition of
/// 1908: in the public domain. Models may have read it; both of a comparison have it the same.
enum ProbeText {
    static let all = firstChapters + "\n" + nextChapters
}
