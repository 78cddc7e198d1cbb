// What can be wrong with a flow: each case carries its data; the sentence is made in one place.

/// A fault of a flow or of one of its steps.
public enum FlowError: Error, Equatable, Sendable {
  /// The file names an operation that this version does not know.
  case unknownOperation(String)
  /// A parameter has a value outside its list.
  case unknownChoice(String, of: String, known: [String])
  /// The file was written by a later version.
  case unsupportedVersion(Int, newest: Int)
  case noSuchStep(StepID)
  case duplicateStep(StepID)
  /// A step reads another that is not in the flow.
  case missingInput(step: StepID, input: StepID)
  case wrongInputCount(step: StepID, found: Int, expected: ClosedRange<Int>)
  case cycle(StepID)
  /// The edit makes no sense for this step; the reason is a clause such as `it is a source`.
  case cannot(String, step: StepID, because: String)
  /// A parameter is empty or out of range.
  case invalidParameter(step: StepID, reason: String)
  case noSuchColumn(String, step: StepID, nearest: String?)
  case expression(ExpressionError, step: StepID)
  /// The step learns from data and has not been fitted.
  case notFitted(step: StepID, column: String)
  /// A parameter of the flow that a step needs and that has no value.
  case noValue(String, nearest: String?)
  case noSuchParameter(String, known: [String])
  /// What is wrong with a parameter of the flow, as the rest of a sentence.
  case parameter(String, String)
  /// The caller gave no opened source for a source step.
  case sourceNotOpen(StepID)

  /// The step at fault, where there is one.
  public var step: StepID? {
    switch self {
    case .unknownOperation, .unknownChoice, .unsupportedVersion, .noValue, .noSuchParameter, .parameter: nil
    case .noSuchStep(let step), .duplicateStep(let step), .cycle(let step), .sourceNotOpen(let step): step
    case .missingInput(let step, _), .wrongInputCount(let step, _, _), .cannot(_, let step, _),
      .invalidParameter(let step, _), .noSuchColumn(_, let step, _), .expression(_, let step), .notFitted(let step, _):
      step
    }
  }
}

extension FlowError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownOperation(let name):
      let known = Operation.Kind.allCases.map(\.rawValue)
      return "this version knows no operation \"\(name)\"" + Nearest.hint(name, among: known)
    case .unknownChoice(let name, let what, let known):
      return "unknown \(what) \"\(name)\": expected \(known.joined(separator: ", "))"
    case .unsupportedVersion(let found, let newest):
      return "the flow has format version \(found); this version of assay reads up to \(newest): update assay"
    case .noSuchStep(let step): return "the flow has no step \(step)"
    case .duplicateStep(let step): return "the flow has two steps called \(step)"
    case .missingInput(let step, let input): return "step \(step) reads step \(input), which is not in the flow"
    case .wrongInputCount(let step, let found, let expected):
      let range =
        expected.count == 1
        ? "\(expected.lowerBound)"
        : expected.upperBound > 99
          ? "\(expected.lowerBound) or more" : "\(expected.lowerBound) to \(expected.upperBound)"
      return "step \(step) has \(found) inputs and takes \(range)"
    case .cycle(let step): return "step \(step) reads its own result"
    case .cannot(let action, let step, let reason): return "cannot \(action) step \(step): \(reason)"
    case .invalidParameter(_, let reason): return reason
    case .noSuchColumn(let column, _, let nearest):
      return "no column \"\(column)\"" + (nearest.map { " – did you mean \($0)?" } ?? " at this step")
    case .expression(let error, _): return error.description
    case .notFitted(let step, let column):
      return "step \(step) has not been fitted for column \"\(column)\": refit the step"
    case .noValue(let name, let nearest):
      return "the parameter {{\(name)}} has no value" + (nearest.map { " – did you mean {{\($0)}}?" } ?? "")
        + ": give one with -D \(name)=VALUE, or in the workbench under Flow › Parameters"
    case .noSuchParameter(let name, let known):
      return "there is no parameter \"\(name)\"" + Nearest.hint(name, among: known)
        + (known.isEmpty ? ": the flow has none" : " (the flow has \(known.joined(separator: ", ")))")
    case .parameter(let name, let fault): return "the parameter \"\(name)\" \(fault)"
    case .sourceNotOpen(let step): return "the source of step \(step) is not open"
    }
  }
}
