/// A tensor as a pickle describes it.
struct PickledTensor: Sendable {
    /// Where the elements are: an entry of the archive.
    struct Storage: Sendable {
        let type: ElementType
        let key: String
    }

    let storage: Storage
    /// Elements before the first one.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}

/// Reads the pickle of a dictionary of tensors, as `torch.save` writes it, and nothing else.
///
/// A pickle is a program for a stack machine that can import and call anything. Here only the operations of such
/// dictionaries are known, the few globals that they name are recognised by name, and calling one makes a value of ours:
/// nothing is imported or executed, and every other global is refused by name. Each operation takes at least one byte of
/// the pickle and a bounded amount of work, values don't nest deeper than ``deepest``, so that reading ends soon whatever
/// the bytes are.
///
/// Format: Python `Lib/pickletools.py`, protocols 2 to 4.
struct TensorPickle {
    private let bytes: [UInt8]
    private let fileName: String
    private var place = 0
    private var stack: [PickleValue] = []
    private var memo: [Int: PickleValue] = [:]

    /// How deep tuples lie in tuples; a tensor's arguments lie two deep.
    static let deepest = 16

    init(_ bytes: [UInt8], fileName: String) {
        self.bytes = bytes
        self.fileName = fileName
    }

    /// Returns the tensors of the dictionary, in its order; members that are no tensors are left out.
    mutating func read() throws(WeightError) -> [(name: String, tensor: PickledTensor)] {
        while true {
            let start = place
            let code = try byte()
            guard let operation = PickleOperation(rawValue: code) else {
                throw refusal("the operation 0x\(String(code, radix: 16)) at byte \(start)")
            }
            if operation == .stop { break }
            try perform(operation)
        }
        guard case .dictionary(let dictionary)? = stack.last, stack.count == 1 else {
            throw refusal("\(stack.last?.kind ?? "nothing") where a dictionary of tensors should be")
        }
        guard !dictionary.tensors.isEmpty else { throw refusal("a dictionary without tensors") }
        return dictionary.tensors
    }

    // MARK: - Errors

    private func refusal(_ what: String) -> WeightError {
        WeightError(
            .unsupported,
            "The pickle in \(fileName) has \(what), which no plain dictionary of tensors has. It was not executed."
                + " Use the checkpoint's safetensors or the model's GGUF file.")
    }

    private func damaged(_ what: String) -> WeightError {
        WeightError(
            .damaged, "The pickle in \(fileName) \(what) at byte \(place). The file is damaged; download it again.")
    }

    // MARK: - Bytes

    private mutating func byte() throws(WeightError) -> UInt8 {
        guard place < bytes.count else { throw damaged("ends too early") }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func integer(bytes count: Int) throws(WeightError) -> Int {
        guard count <= bytes.count - place else { throw damaged("ends too early") }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[place + index]) << (8 * UInt64(index)) }
        place += count
        guard let whole = Int(exactly: value) else { throw damaged("has a size that is too large") }
        return whole
    }

    private mutating func text(bytes count: Int) throws(WeightError) -> String {
        guard count <= bytes.count - place else { throw damaged("ends too early") }
        guard let text = String(validating: bytes[place..<place + count], as: UTF8.self) else {
            throw damaged("has a text that is not UTF-8")
        }
        place += count
        return text
    }

    private mutating func line() throws(WeightError) -> String {
        guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) else { throw damaged("ends too early") }
        let line = try text(bytes: end - place)
        place += 1
        return line
    }

    // MARK: - The stack

    private mutating func pop() throws(WeightError) -> PickleValue {
        guard let value = stack.popLast() else { throw damaged("takes a value from an empty stack") }
        return value
    }

    private mutating func popToMark() throws(WeightError) -> [PickleValue] {
        guard let mark = stack.lastIndex(where: { if case .mark = $0 { true } else { false } }) else {
            throw damaged("goes back to a mark that is not there")
        }
        let values = Array(stack[(mark + 1)...])
        stack.removeSubrange(mark...)
        return values
    }

    private mutating func pushTuple(_ values: [PickleValue]) throws(WeightError) {
        let depth = 1 + (values.map(\.depth).max() ?? 0)
        guard depth <= Self.deepest else { throw refusal("tuples more than \(Self.deepest) deep") }
        stack.append(.tuple(values, depth: depth))
    }

    private mutating func pushTuple(of count: Int) throws(WeightError) {
        guard stack.count >= count else { throw damaged("takes a value from an empty stack") }
        let values = Array(stack.suffix(count))
        stack.removeLast(count)
        try pushTuple(values)
    }

    private mutating func remember(_ index: Int) throws(WeightError) {
        guard let value = stack.last else { throw damaged("takes a value from an empty stack") }
        memo[index] = value
    }

    private mutating func recall(_ index: Int) throws(WeightError) {
        guard let value = memo[index] else { throw damaged("recalls value \(index), which it never kept,") }
        stack.append(value)
    }

    private mutating func perform(_ operation: PickleOperation) throws(WeightError) {
        switch operation {
        case .proto:
            let version = try byte()
            guard (2...4).contains(version) else { throw refusal("the protocol \(version)") }
        case .frame: _ = try integer(bytes: 8)
        case .stop: break
        case .mark: stack.append(.mark)
        case .none: stack.append(.other("None"))
        case .newTrue, .newFalse: stack.append(.other("a truth value"))
        case .binInt: stack.append(.int(Int(Int32(truncatingIfNeeded: try integer(bytes: 4)))))
        case .binInt1: stack.append(.int(try integer(bytes: 1)))
        case .binInt2: stack.append(.int(try integer(bytes: 2)))
        case .long1: stack.append(.int(try long()))
        case .binFloat:
            try skip(8)
            stack.append(.other("a number"))
        case .shortBinUnicode: stack.append(.string(try text(bytes: try integer(bytes: 1))))
        case .binUnicode: stack.append(.string(try text(bytes: try integer(bytes: 4))))
        case .emptyTuple: try pushTuple([])
        case .tuple1: try pushTuple(of: 1)
        case .tuple2: try pushTuple(of: 2)
        case .tuple3: try pushTuple(of: 3)
        case .tuple: try pushTuple(try popToMark())
        case .emptyDictionary: stack.append(.dictionary(PickleDictionary()))
        case .emptyList: stack.append(.other("a list"))
        case .append: _ = try pop()
        case .appends: _ = try popToMark()
        case .binPut: try remember(try integer(bytes: 1))
        case .longBinPut: try remember(try integer(bytes: 4))
        case .memoize: try remember(memo.count)
        case .binGet: try recall(try integer(bytes: 1))
        case .longBinGet: try recall(try integer(bytes: 4))
        case .global: try pushGlobal(module: try line(), name: try line())
        case .stackGlobal:
            guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
                throw damaged("names a global with what is no text")
            }
            try pushGlobal(module: module, name: name)
        case .setItem:
            let value = try pop()
            try set([try pop(), value])
        case .setItems: try set(try popToMark())
        case .binPersistentID: try pushStorage(try pop())
        case .reduce:
            let arguments = try pop()
            try call(try pop(), arguments)
        case .build:
            // What torch notes of a dictionary's modules; it changes no tensor.
            _ = try pop()
            guard case .dictionary? = stack.last else { throw refusal("a state for \(stack.last?.kind ?? "nothing")") }
        }
    }

    private mutating func skip(_ count: Int) throws(WeightError) {
        guard count <= bytes.count - place else { throw damaged("ends too early") }
        place += count
    }

    /// A whole number of up to eight bytes, in two's complement.
    private mutating func long() throws(WeightError) -> Int {
        let count = try integer(bytes: 1)
        guard count <= 8, count <= bytes.count - place else { throw damaged("has a number that is too large") }
        var value: Int64 = 0
        for index in 0..<count { value |= Int64(bytes[place + index]) << (8 * Int64(index)) }
        place += count
        let shift = Int64(64 - 8 * count)
        return count == 0 ? 0 : Int((value << shift) >> shift)
    }

    // MARK: - What torch writes

    private mutating func pushGlobal(module: String, name: String) throws(WeightError) {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw refusal("the global \(module.prefix(80)).\(name.prefix(80))")
        }
        stack.append(.global(global))
    }

    private mutating func set(_ items: [PickleValue]) throws(WeightError) {
        guard case .dictionary(let dictionary)? = stack.last, items.count % 2 == 0 else {
            throw damaged("sets a member of what is no dictionary")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            guard case .string(let name) = items[index] else { continue }
            guard case .tensor(let tensor) = items[index + 1] else { continue }
            guard dictionary.names.insert(name).inserted else { throw damaged("has the tensor \(name) twice") }
            dictionary.tensors.append((name, tensor))
        }
    }

    /// Makes a storage of `('storage', torch.FloatStorage, '0', 'cpu', 768)`.
    private mutating func pushStorage(_ value: PickleValue) throws(WeightError) {
        guard case .tuple(let parts, _) = value, parts.count == 5, case .string("storage") = parts[0],
            case .global(.storage(let type)) = parts[1], case .string(let key) = parts[2], case .int = parts[4]
        else { throw refusal("a reference to \(value.kind) instead of a tensor's storage") }
        stack.append(.storage(PickledTensor.Storage(type: type, key: key)))
    }

    private mutating func call(_ callee: PickleValue, _ arguments: PickleValue) throws(WeightError) {
        guard case .global(let global) = callee, case .tuple(let values, _) = arguments else {
            throw refusal("a call of \(callee.kind)")
        }
        switch global {
        case .orderedDictionary:
            guard values.isEmpty else { throw refusal("an OrderedDict with arguments") }
            stack.append(.dictionary(PickleDictionary()))
        case .rebuildParameter:
            guard case .tensor? = values.first else { throw refusal("a parameter without a tensor") }
            stack.append(values[0])
        case .rebuildTensor:
            guard values.count >= 4, case .storage(let storage) = values[0], case .int(let offset) = values[1],
                let shape = values[2].sizes, let strides = values[3].sizes, shape.count == strides.count, offset >= 0
            else { throw refusal("a tensor with other arguments than torch writes") }
            stack.append(
                .tensor(PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides)))
        case .storage: throw refusal("a call of a storage")
        }
    }
}
