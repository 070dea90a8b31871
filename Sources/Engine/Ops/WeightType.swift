import CKernels
import Weights

extension Kernels {
    /// An element type that the kernels read.
    struct WeightType: Sendable, Equatable {
        let elementType: ElementType
        let kernelType: ck_type

        /// Plain float32.
        static let float32 = WeightType(elementType: .f32, kernelType: CK_F32)

        /// The type of a tensor's elements.
        init(_ tensor: Tensor) throws {
            guard let kernelType = Self.kernelType(of: tensor.type) else {
                let known = ElementType.allCases.filter { Self.kernelType(of: $0) != nil }.map(\.name)
                throw EngineError(
                    .unsupported,
                    "\(tensor.label) in \(tensor.fileName) is \(tensor.type.name); the types that can be run are "
                        + known.joined(separator: ", ") + ".")
            }
            self.init(elementType: tensor.type, kernelType: kernelType)
        }

        private init(elementType: ElementType, kernelType: ck_type) {
            self.elementType = elementType
            self.kernelType = kernelType
        }

        private static func kernelType(of type: ElementType) -> ck_type? {
            switch type {
            case .f32: CK_F32
            case .f16: CK_F16
            case .bf16: CK_BF16
            case .q8_0: CK_Q8_0
            case .q4_0: CK_Q4_0
            case .q4_1: CK_Q4_1
            case .q5_0: CK_Q5_0
            case .q5_1: CK_Q5_1
            case .q2_K: CK_Q2_K
            case .q3_K: CK_Q3_K
            case .q4_K: CK_Q4_K
            case .q5_K: CK_Q5_K
            case .q6_K: CK_Q6_K
            case .iq1_S: CK_IQ1_S
            case .iq1_M: CK_IQ1_M
            case .iq2_XXS: CK_IQ2_XXS
            case .iq2_XS: CK_IQ2_XS
            case .iq2_S: CK_IQ2_S
            case .iq3_XXS: CK_IQ3_XXS
            case .iq3_S: CK_IQ3_S
            case .iq4_NL: CK_IQ4_NL
            case .iq4_XS: CK_IQ4_XS
            case .tq1_0: CK_TQ1_0
            case .tq2_0: CK_TQ2_0
            case .mxfp4: CK_MXFP4
            case .nvfp4: CK_NVFP4
            case .q8_1, .q8_K, .i8, .i16, .i32, .i64, .f64: nil
            }
        }
    }
}
