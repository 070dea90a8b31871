package import Chat
import Engine
import Tokenization
import Weights

extension ChatFailure {
    /// Any error as readers are told of it.
    package init(_ error: any Error) {
        switch error {
        case let failure as ChatFailure: self = failure
        case let error as WeightError: self.init(what: "can't read the model", why: error.description)
        case let error as EngineError: self.init(what: "can't run the model", why: error.description)
        case let error as TokenizationError where error.code == .template:
            self.init(
                what: "the chat template does not take this conversation", why: error.description,
                advice: "/reset, or --template NAME, which takes any", isRefusal: true)
        case let error as TokenizationError: self.init(what: "can't use the model's tokenizer", why: error.description)
        default: self.init(what: "something went wrong", why: String(describing: error))
        }
    }
}
