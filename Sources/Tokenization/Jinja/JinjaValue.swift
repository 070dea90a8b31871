/// A value that a template works on, with Python's meaning.
///
/// Lists and dictionaries never change once made, as in Jinja's immutable sandbox.
enum JinjaValue {
    /// A missing value; the text says what is missing, for whoever needs it after all.
    case undefined(String)
    /// Python's `None`.
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text(JinjaText)
    case list(JinjaList)
    case dictionary(JinjaDictionary)
    /// Values that are made as they are asked for, once.
    case generator(JinjaGenerator)
    case object(any JinjaObject)
}

/// Values in order.
final class JinjaList {
    /// What Python calls the sequence.
    enum Kind: Equatable {
        case list, tuple, keys, values, items
        /// What `groupby` makes: a pair with the names `grouper` and `list`.
        case group
        case range(Int, Int, Int)
    }

    let kind: Kind
    let items: [JinjaValue]
    /// How deep the values are nested.
    let depth: Int

    init(_ kind: Kind, _ items: [JinjaValue]) throws {
        self.kind = kind
        self.items = items
        depth = try JinjaValue.depth(around: items)
    }

    /// Whether its items can be reached by number.
    var isSequence: Bool {
        switch kind {
        case .list, .tuple, .group, .range: true
        case .keys, .values, .items: false
        }
    }
}

/// Values by key, in the order in which the keys came.
final class JinjaDictionary {
    let keys: [JinjaValue]
    let values: [JinjaValue]
    /// How deep the values are nested.
    let depth: Int
    private let places: [JinjaKey: Int]

    /// Makes a dictionary; where a key comes again, its first place gets the last value.
    init(_ pairs: [(hash: JinjaKey, key: JinjaValue, value: JinjaValue)]) throws {
        var keys: [JinjaValue] = []
        var values: [JinjaValue] = []
        var places: [JinjaKey: Int] = [:]
        for pair in pairs {
            if let place = places[pair.hash] {
                values[place] = pair.value
            } else {
                places[pair.hash] = keys.count
                keys.append(pair.key)
                values.append(pair.value)
            }
        }
        depth = try max(JinjaValue.depth(around: keys), JinjaValue.depth(around: values))
        self.keys = keys
        self.values = values
        self.places = places
    }

    subscript(_ key: JinjaKey) -> JinjaValue? { places[key].map { values[$0] } }

    subscript(_ name: String) -> JinjaValue? { self[.text(JinjaText(name))] }
}

/// A value as a dictionary's key: equal where Python says so (`1`, `1.0` and `True` are).
enum JinjaKey: Hashable {
    case null
    case undefined
    case int(Int)
    case float(Double)
    case text(JinjaText)
    case tuple([JinjaKey])
    /// Something that equals only itself.
    case object(ObjectIdentifier)
}

/// Makes values one after the other.
final class JinjaGenerator {
    /// What Python calls it.
    let name: String
    /// How deep the values it takes from are nested.
    let depth: Int
    private var produce: ((JinjaInterpreter) throws -> JinjaValue?)?

    init(
        _ name: String, from source: JinjaValue, _ produce: @escaping (JinjaInterpreter) throws -> JinjaValue?
    ) throws {
        self.name = name
        self.produce = produce
        depth = try JinjaValue.depth(around: [source])
    }

    /// Returns the next value; nil at the end, and ever after.
    func next(_ interpreter: JinjaInterpreter) throws -> JinjaValue? {
        guard let value = try produce?(interpreter) else {
            produce = nil
            return nil
        }
        return value
    }
}

/// A value with a behaviour of its own: a namespace, a loop, a macro, a function.
protocol JinjaObject: AnyObject {
    /// What Python calls its type.
    var typeName: String { get }
    /// How deep what it holds is nested, where that is never taken out by `clear`.
    var depth: Int { get }
    /// What printing it gives.
    var printed: String { get }
    /// Returns one of its attributes, nil for those it does not have.
    func attribute(_ name: String, _ interpreter: JinjaInterpreter) throws -> JinjaValue?
    /// Returns what calling it gives, nil if it can't be called.
    func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue?
    /// Whether it can be called.
    var isCallable: Bool { get }
    /// Forgets what it holds, at the end of the rendering: objects may hold each other.
    func clear()
}

extension JinjaObject {
    var depth: Int { 0 }
    var printed: String { "<\(typeName) object>" }
    func attribute(_ name: String, _ interpreter: JinjaInterpreter) throws -> JinjaValue? { nil }
    func call(_ arguments: JinjaArguments, _ interpreter: JinjaInterpreter) throws -> JinjaValue? { nil }
    var isCallable: Bool { false }
    func clear() {}
}

extension JinjaValue {
    /// A text.
    static func text(_ string: String) -> JinjaValue { .text(JinjaText(string)) }

    /// How deep the value is nested.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .generator(let generator): generator.depth
        case .object(let object): object.depth
        default: 0
        }
    }

    /// The depth of something that holds `values`.
    static func depth(around values: [JinjaValue]) throws -> Int {
        let depth = 1 + values.reduce(0) { max($0, $1.depth) }
        guard depth <= JinjaLimits.valueDepth else {
            throw JinjaFault("values are nested more than \(JinjaLimits.valueDepth) deep")
        }
        return depth
    }

    /// What Python calls the value's type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .null: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .text: "str"
        case .list(let list):
            switch list.kind {
            case .list: "list"
            case .tuple, .group: "tuple"
            case .keys: "dict_keys"
            case .values: "dict_values"
            case .items: "dict_items"
            case .range: "range"
            }
        case .dictionary: "dict"
        case .generator: "generator"
        case .object(let object): object.typeName
        }
    }

    /// What messages about missing attributes call the value.
    var description: String {
        if case .null = self { "'None'" } else { "'\(typeName) object'" }
    }

    /// Whether a condition on the value holds.
    var isTrue: Bool {
        switch self {
        case .undefined, .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .text(let text): !text.scalars.isEmpty
        case .list(let list): !list.items.isEmpty
        case .dictionary(let dictionary): !dictionary.keys.isEmpty
        case .generator, .object: true
        }
    }

    /// The value as a whole number, if it is one; booleans are 0 and 1.
    var integer: Int? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        default: nil
        }
    }

    /// The value as a number, if it is one.
    var number: Double? {
        if case .float(let value) = self { value } else { integer.map { Double($0) } }
    }

    var isUndefined: Bool {
        if case .undefined = self { true } else { false }
    }

    var isNull: Bool {
        if case .null = self { true } else { false }
    }
}
