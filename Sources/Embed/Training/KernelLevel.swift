import CTextKernels

/// Which instructions the inner loops may use.
public enum TextKernelLevel: Int32, CaseIterable, Sendable, Comparable {
  case portable, avx2, avx512

  /// The best that this processor has.
  public static let best = TextKernelLevel(rawValue: assay_text_level()) ?? .portable

  public static func < (left: TextKernelLevel, right: TextKernelLevel) -> Bool { left.rawValue < right.rawValue }
}
