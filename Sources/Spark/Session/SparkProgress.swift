/// How far the cluster is with a query.
public struct SparkProgress: Hashable, Sendable {
  public var tasks = 0
  public var completedTasks = 0
  public var runningTasks = 0
  public var bytesRead = 0

  /// 0...1, nil before the first stage is known. Stages come one after the other, so it can go back.
  public var fraction: Double? { tasks == 0 ? nil : Double(completedTasks) / Double(tasks) }

  /// `3 of 8 tasks, 2 running, 12.0 MB read`
  public var summary: String {
    var parts = ["\(completedTasks) of \(tasks) tasks"]
    if runningTasks > 0 { parts.append("\(runningTasks) running") }
    if bytesRead > 0 {
      let tenths = bytesRead / 100_000
      parts.append("\(tenths / 10).\(tenths % 10) MB read")
    }
    return parts.joined(separator: ", ")
  }

  /// From an `ExecutePlanResponse.ExecutionProgress`.
  init(_ bytes: ArraySlice<UInt8>) throws {
    for field in try ProtoField.all(of: bytes) {
      switch field.number {
      case 1:
        let stage = try ProtoField.all(of: field.bytes)
        tasks += stage.first(2)?.integer ?? 0
        completedTasks += stage.first(3)?.integer ?? 0
        bytesRead += stage.first(4)?.integer ?? 0
      case 2: runningTasks = field.integer
      default: break
      }
    }
  }
}
