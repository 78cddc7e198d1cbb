// A flow becomes one SELECT: a common table expression for each enabled step, in DuckDB's dialect.
// Columns are inferred in Swift, so that checking and completing need no query.

import Frame

/// Compiles the steps of a flow to SQL.
///
/// `relations` gives the rows of every source. It may give the rows of any other step as well, for example a table that
/// holds its result: that step and what stands above it are then not compiled.
public struct Compiler: Sendable {
  public let graph: FlowGraph
  public let relations: [StepID: Relation]

  public init(_ graph: FlowGraph, relations: [StepID: Relation]) {
    self.graph = graph.filled
    self.relations = relations
  }

  public init(_ graph: FlowGraph, sources: [StepID: OpenedSource]) {
    self.init(graph, relations: sources.mapValues(Relation.init))
  }

  /// One compiled step: the body of its table expression and the columns that it yields.
  struct Stage: Sendable {
    let id: StepID
    let sql: String
    let schema: Schema
    /// The steps whose rows it reads; none for a source, and where its rows are given.
    var inputs: [StepID] = []
  }

  /// The result of a step as SQL and columns.
  /// - Throws: `FlowError` with the step at fault.
  public func relation(of node: StepID) throws -> Relation {
    let stages = try stages(to: node)
    guard let last = stages.last else { throw FlowError.noSuchStep(node) }
    guard stages.count > 1 else { return Relation(sql: last.sql, schema: last.schema) }
    let tables = stages.dropLast().map { "\(Self.name($0.id)) AS NOT MATERIALIZED (\n\($0.sql)\n)" }
    return Relation(sql: "WITH " + tables.joined(separator: ",\n") + "\n" + last.sql, schema: last.schema)
  }

  /// The result of a step as SQL.
  public func sql(for node: StepID) throws -> String { try relation(of: node).sql }

  /// The columns of a step's result.
  public func schema(of node: StepID) throws -> Schema { try stages(to: node, needsFit: false).last?.schema ?? [] }

  /// The columns that reach a step: what its expressions may name. A source's own columns for a source.
  public func inputSchema(of node: StepID) throws -> Schema {
    try schema(of: graph.parent(of: node) ?? node)
  }

  /// The first fault of the steps up to `node`; empty where the step can run once it is fitted.
  public func problems(upTo node: StepID) -> [FlowError] {
    do {
      _ = try stages(to: node, needsFit: false)
      return []
    } catch let error as FlowError {
      return [error]
    } catch {
      return []
    }
  }

  /// What is wrong with `operation` as a step below `parent`; nil where nothing is. For forms, while the user types.
  /// - Parameter others: the steps that it reads beside `parent`.
  public func fault(of operation: Operation, after parent: StepID, and others: [StepID] = []) -> FlowError? {
    do {
      let count = 1 + others.count
      guard operation.inputCount.contains(count) else {
        throw FlowError.wrongInputCount(step: parent, found: count, expected: operation.inputCount)
      }
      let operation = try operation.filled(graph.filling)
      let probe = Step(id: parent, inputs: [parent] + others, operation: operation)
      let inputs = try others.map { TransformInput(table: Self.name($0), schema: try schema(of: $0)) }
      _ = try StepCompiler(
        step: probe, input: "input", schema: try schema(of: parent), needsFit: false, others: inputs
      ).stage()
      return nil
    } catch {
      return error as? FlowError
    }
  }

  static func name(_ id: StepID) -> String { SQL.identifier(id.rawValue) }

  /// The steps that have to run for `node`, sources first. A disabled `node` yields what its input yields.
  /// - Parameter standsIn: takes for steps whose rows are computed what they say of their columns.
  func stages(to node: StepID, needsFit: Bool = true, standsIn: Bool = false) throws -> [Stage] {
    var stages: [StepID: Stage] = [:]
    var order: [StepID] = []
    // The stage whose rows a step hands on: its own, or that of its input where it is disabled.
    var outlet: [StepID: StepID] = [:]
    for id in try neededPath(to: node) {
      let step = try graph.step(id)
      if relations[id] == nil, step.isEnabled, let fault = graph.unfilled[id] { throw fault }
      if let relation = relations[id] {
        stages[id] = Stage(id: id, sql: relation.sql, schema: relation.schema)
      } else if step.operation.kind == .source {
        throw FlowError.sourceNotOpen(id)
      } else {
        let inputs = step.inputs.compactMap { outlet[$0].flatMap { stages[$0] } }
        guard let input = inputs.first, inputs.count == step.inputs.count,
          step.operation.inputCount.contains(inputs.count)
        else {
          throw FlowError.wrongInputCount(step: id, found: step.inputs.count, expected: step.operation.inputCount)
        }
        guard step.isEnabled else {
          outlet[id] = input.id
          continue
        }
        let others = zip(step.inputs, inputs).dropFirst().map { id, stage in
          TransformInput(table: Self.name(stage.id), schema: stage.schema, title: graph[id]?.title ?? "")
        }
        var stage = try StepCompiler(
          step: step, input: Self.name(input.id), schema: input.schema,
          needsFit: needsFit && !(standsIn && step.isComputed), others: others,
          title: step.inputs.first.flatMap { graph[$0]?.title } ?? ""
        ).stage()
        stage.inputs = inputs.map(\.id)
        stages[id] = stage
      }
      outlet[id] = id
      order.append(id)
    }
    return order.compactMap { stages[$0] }
  }

  /// The path to `node`, cut at the nearest steps whose rows are given.
  private func neededPath(to node: StepID) throws -> [StepID] {
    let path = try graph.path(to: node)
    guard let start = path.lastIndex(where: { relations[$0] != nil }),
      path[start...].allSatisfy({ id in
        id == path[start] || (graph[id]?.inputs.count ?? 0) <= 1
      })
    else { return path }
    return Array(path[start...])
  }
}
