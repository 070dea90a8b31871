/// The operations of a pickle that dictionaries of tensors are made of, with their codes.
enum PickleOperation: UInt8 {
    case mark = 0x28
    case emptyTuple = 0x29
    case stop = 0x2E
    case binFloat = 0x47
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case none = 0x4E
    case binPersistentID = 0x51
    case reduce = 0x52
    case binUnicode = 0x58
    case emptyList = 0x5D
    case append = 0x61
    case build = 0x62
    case global = 0x63
    case appends = 0x65
    case binGet = 0x68
    case longBinGet = 0x6A
    case binPut = 0x71
    case longBinPut = 0x72
    case setItem = 0x73
    case tuple = 0x74
    case setItems = 0x75
    case emptyDictionary = 0x7D
    case proto = 0x80
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case newTrue = 0x88
    case newFalse = 0x89
    case long1 = 0x8A
    case shortBinUnicode = 0x8C
    case stackGlobal = 0x93
    case memoize = 0x94
    case frame = 0x95
}

/// The globals that dictionaries of tensors name, recognised by name.
enum PickleGlobal {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(ElementType)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", _):
            guard let type = Self.storages[name] else { return nil }
            self = .storage(type)
        default: return nil
        }
    }

    private static let storages: [String: ElementType] = [
        "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "DoubleStorage": .f64,
        "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .i8,
        "BoolStorage": .i8,
    ]
}

/// A value on the stack of a pickle.
enum PickleValue {
    case mark
    case int(Int)
    case string(String)
    case tuple([PickleValue], depth: Int)
    case dictionary(PickleDictionary)
    case global(PickleGlobal)
    case storage(PickledTensor.Storage)
    case tensor(PickledTensor)
    /// A value that nothing is made of; the text says what it is.
    case other(String)

    /// How deep tuples lie in it.
    var depth: Int { if case .tuple(_, let depth) = self { depth } else { 0 } }

    /// The whole numbers from 0 on of a tuple that has nothing else.
    var sizes: [Int]? {
        guard case .tuple(let values, _) = self else { return nil }
        let sizes = values.compactMap { if case .int(let size) = $0, size >= 0 { size } else { nil } }
        return sizes.count == values.count ? sizes : nil
    }

    /// What the value is, in words for messages.
    var kind: String {
        switch self {
        case .mark: "a mark"
        case .int: "a number"
        case .string: "a text"
        case .tuple: "a tuple"
        case .dictionary: "a dictionary"
        case .global: "a global"
        case .storage: "a storage"
        case .tensor: "a tensor"
        case .other(let kind): kind
        }
    }
}

/// A dictionary, of which only the tensors are kept.
final class PickleDictionary {
    var tensors: [(name: String, tensor: PickledTensor)] = []
    var names: Set<String> = []
}
