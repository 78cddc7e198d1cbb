// Exact SHAP values of tree models. Path-dependent values follow Lundberg et al. (2020, doi:10.1038/s42256-019-0138-9);
// how they are computed is said at `TreeProgram`, `LeafTable` and in CTreeKernels.

import CTreeKernels
import Jobs

/// Which instructions the kernels use.
public enum KernelLevel: Int32, Sendable, CaseIterable {
  /// Those that every processor of its kind has.
  case portable
  case avx2
  case avx512

  /// The best that this processor has.
  public static var best: KernelLevel { KernelLevel(rawValue: assay_kernel_level()) ?? .portable }
}

/// Explains the predictions of a tree model, exactly.
public final class TreeExplainer: Sendable {
  public let model: TreeEnsemble
  /// What the values start from, by output.
  public let baseValues: [Double]
  private let program: TreeProgram
  let background: [[Double]]
  private let level: KernelLevel
  let threads: Int
  private let pairs: PairWalk?
  /// The whole model, where it is so small that double precision costs nothing.
  private let small: SmallTrees?

  /// - Parameters:
  ///   - background: rows whose values absent features take; nil lets them follow both branches by cover.
  ///   - hasInteractions: also computes the interactions of all pairs of features.
  ///   - threads: how many to use.
  ///   - level: the instructions to use, no better than the processor's; nil takes the best, and explains small models in
  ///     double precision, without them.
  /// - Throws: `ExplainError.noBackground`.
  public init(
    _ model: TreeEnsemble, background: FeatureRows? = nil, hasInteractions: Bool = false, threads: Int = 1,
    level: KernelLevel? = nil
  ) throws {
    if let background, background.count == 0 { throw ExplainError.noBackground }
    self.model = model
    self.background = background.map { rows in (0..<rows.count).map(rows.row) } ?? []
    self.threads = max(1, threads)
    let best = KernelLevel.best
    self.level = level.map { $0.rawValue <= best.rawValue ? $0 : best } ?? best
    program = TreeProgram(
      model, background.map { .background($0) } ?? .cover, hasInteractions: hasInteractions, level: self.level)
    baseValues = zip(model.baseMargins, program.expectations).map(+)
    small = level == nil ? SmallTrees(model, background: self.background, slots: program.slots) : nil
    pairs =
      program.walked.isEmpty || self.background.isEmpty || hasInteractions
      ? nil : PairWalk(model, trees: program.walked, background: self.background)
  }

  // MARK: Running

  /// Rows of a tile: as many as keep its sums in the cache of a core.
  private var tileBlocks: Int { min(16, max(1, 65_536 / (program.slots.count * Int(ASSAY_BLOCK)))) }
  /// Trees after which sums in single precision are added to those in double precision.
  private static let flushTrees = 20

  /// Margins and their SHAP values. Memory is that of the result and of some tiles.
  /// - Precondition: `rows` has the model's features.
  public func explain(_ rows: FeatureRows, context: any JobContext = SilentContext()) throws -> ShapValues {
    precondition(rows.columns.count == model.features.count, "rows need the model's features")
    var result = ShapValues(
      rows: rows.count, features: model.features.count, outputs: model.outputs, baseValues: baseValues)
    if program.slots.hasInteractions {
      result.interactions = Array(
        repeating: 0, count: rows.count * model.outputs * model.features.count * model.features.count)
    }
    let tileRows = tileBlocks * Int(ASSAY_BLOCK)
    let tiles = (rows.count + tileRows - 1) / tileRows
    try result.values.withUnsafeMutableBufferPointer { values in
      try result.predictions.withUnsafeMutableBufferPointer { predictions in
        try result.interactions.withUnsafeMutableBufferPointer { interactions in
          let sink = ShapSink(
            slots: program.slots, values: values, predictions: predictions, interactions: interactions,
            constants: zip(model.baseMargins, program.constants).map(+))
          let workers = min(threads, tiles)
          let run: @Sendable (Int) throws -> Void = { worker in
            let workspace = TileWorkspace(self.program, self.small, blocks: self.tileBlocks)
            for tile in stride(from: worker, to: tiles, by: max(workers, 1)) {
              try context.checkCancelled()
              let range = tile * tileRows..<min(rows.count, (tile + 1) * tileRows)
              self.run(rows, range, workspace)
              sink.take(range, workspace.totals.pointer)
            }
          }
          try inParallel(workers, threads: workers, run)
        }
      }
    }
    try context.checkCancelled()
    return result
  }

  /// Sums of the rows of a tile, in the workspace's totals.
  private func run(_ rows: FeatureRows, _ range: Range<Int>, _ workspace: TileWorkspace) {
    let slots = program.slots.count
    let blocks = (range.count + 63) / 64
    if let small = workspace.small {
      workspace.totals.pointer.update(repeating: 0, count: blocks * slots * 64)
      for row in range {
        let local = row - range.lowerBound
        small.add(rows.columns, row: row, to: workspace.totals.pointer + (local >> 6 * slots) << 6 + local & 63)
      }
      return
    }
    program.coder.encode(rows, range, into: workspace.codes.pointer, level: level)
    let masks = CategoryMasks(program.coder, codes: workspace.codes.pointer, blocks: blocks)
    let count = blocks * slots * 64
    workspace.totals.pointer.update(repeating: 0, count: count)
    masks.starts.withUnsafeBufferPointer { starts in
      masks.words.withUnsafeBufferPointer { words in
        var tile = assay_rows(
          blocks: Int32(blocks), columns: Int32(program.coder.columns.count), slots: Int32(slots),
          codes: workspace.codes.pointer, categories: starts.baseAddress, masks: words.baseAddress,
          sums: workspace.sums.pointer, bits: workspace.bits.pointer, depths: Int32(program.mostDepths),
          scratch: workspace.scratch.pointer)
        program.withProgram { program in
          for first in stride(from: 0, to: self.program.treeCount, by: Self.flushTrees) {
            let last = min(first + Self.flushTrees, self.program.treeCount)
            assay_run_trees(&program, level.rawValue, Int32(first), Int32(last), &tile)
            assay_flush(level.rawValue, workspace.sums.pointer, workspace.totals.pointer, Int32(count))
          }
        }
      }
    }
    if !program.walked.isEmpty { walk(rows, range, workspace.totals.pointer) }
  }

  /// Adds the trees that have no tables, leaf by leaf.
  private func walk(_ rows: FeatureRows, _ range: Range<Int>, _ totals: UnsafeMutablePointer<Double>) {
    let slots = program.slots
    if let pairs {
      var walker = pairs.walker()
      for at in range {
        walker.take(rows.row(at))
        for other in background.indices { walker.add(other, weight: 1 / Double(background.count)) }
        let local = at - range.lowerBound
        let sums = totals + (local >> 6 * slots.count) << 6 + local & 63
        for output in 0..<slots.outputs {
          sums[slots.prediction(output) << 6] += walker.margins[output]
          for feature in 0..<slots.features {
            sums[slots.value(feature, output) << 6] += walker.values[output * slots.features + feature]
          }
        }
      }
      return
    }
    for number in program.walked {
      let tree = model.trees[number]
      for at in range {
        let row = rows.row(at)
        let local = at - range.lowerBound
        let sums = totals + (local >> 6 * slots.count) << 6 + local & 63
        sums[slots.prediction(tree.output) << 6] += tree.value(of: row)
        let add = { (path: LeafPath, game: LeafGame, weight: Double) in
          for (feature, value) in zip(path.features, game.shapleyValues) {
            sums[slots.value(feature, tree.output) << 6] += weight * value
          }
          guard slots.hasInteractions else { return }
          for i in path.features.indices {
            for j in path.features.indices.dropFirst(i + 1) {
              sums[slots.pair(path.features[i], path.features[j], tree.output) << 6] += weight * game.interaction(i, j)
            }
          }
        }
        if background.isEmpty {
          tree.leafGames(of: row) { add($0, $1, 1) }
        } else {
          for other in background {
            tree.leafGames(of: row, background: other) { add($0, $1, 1 / Double(background.count)) }
          }
        }
      }
    }
  }
}

/// Memory of one thread's tiles.
private final class TileWorkspace {
  let codes: AlignedBuffer<UInt16>
  let sums, scratch: AlignedBuffer<Float>
  let totals: AlignedBuffer<Double>
  let bits: AlignedBuffer<UInt64>
  let small: SmallWalk?

  init(_ program: TreeProgram, _ trees: SmallTrees?, blocks: Int) {
    small = trees.map { SmallWalk($0) }
    codes = AlignedBuffer(repeating: 0, count: blocks * program.coder.columns.count * 64)
    sums = AlignedBuffer(repeating: 0, count: blocks * program.slots.count * 64)
    totals = AlignedBuffer(repeating: 0, count: blocks * program.slots.count * 64)
    bits = AlignedBuffer(repeating: 0, count: program.mostSplits)
    scratch = AlignedBuffer(
      repeating: 0, count: Int(assay_scratch(Int32(program.mostDepths), Int32(program.mostPoints))))
  }
}

/// Where the sums of tiles go: each row is written by one thread.
private struct ShapSink: @unchecked Sendable {
  let slots: ShapSlots
  let values, predictions, interactions: UnsafeMutableBufferPointer<Double>
  /// What every prediction has beyond the trees with tests, by output.
  let constants: [Double]

  func take(_ range: Range<Int>, _ totals: UnsafePointer<Double>) {
    let features = slots.features
    for row in range {
      let local = row - range.lowerBound
      let sums = totals + (local >> 6 * slots.count) << 6 + local & 63
      for output in 0..<slots.outputs {
        let at = row * slots.outputs + output
        predictions[at] = constants[output] + sums[slots.prediction(output) << 6]
        for feature in 0..<features { values[at * features + feature] = sums[slots.value(feature, output) << 6] }
        guard slots.hasInteractions else { continue }
        let table = at * features * features
        for i in 0..<features { interactions[table + i * features + i] = values[at * features + i] }
        for i in 0..<features {
          for j in i + 1..<max(features, i + 1) {
            let value = sums[slots.pair(i, j, output) << 6]
            interactions[table + i * features + j] = value
            interactions[table + j * features + i] = value
            interactions[table + i * features + i] -= value
            interactions[table + j * features + j] -= value
          }
        }
      }
    }
  }
}
