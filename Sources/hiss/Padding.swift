extension String {
    /// The text with blanks after it, up to `count` characters.
    func padding(to count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - self.count))
    }

    /// The text with blanks before it, up to `count` characters.
    func padding(from count: Int) -> String {
        String(repeating: " ", count: max(0, count - self.count)) + self
    }
}
