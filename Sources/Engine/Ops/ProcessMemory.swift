import CKernels

/// What the process holds of the machine's memory.
package enum ProcessMemory {
    /// Gives back what was freed where that has become much; for moments in which nobody waits.
    ///
    /// Chats free thousands of places of one size between small pieces that stay, which the C library's heaps can't shrink by.
    package static func giveBack() { ck_give_back_memory() }
}
