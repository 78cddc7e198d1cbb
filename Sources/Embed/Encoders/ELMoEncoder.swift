// ELMo, from a local folder (Peters et al. 2018, arXiv:1802.05365). Not for training.
//
// The weights are named and turned as AllenNLP holds them: a highway's second half is the gate of what stays, and the
// bias of a forget gate has the 1 that TensorFlow adds.

import CTextKernels
import Foundation
import Jobs

/// An ELMo model: `options.json` of a folder, and `model.safetensors` or the original weights in HDF5. A word's vector depends
/// on its sentence.
public final class ELMoEncoder: TextEncoder {
  private struct Filter: Sendable {
    let width: Int
    let layer: DenseLayer
  }

  private struct Direction: Sendable {
    let input: DenseLayer
    let recurrent: DenseLayer
    let projection: DenseLayer
  }

  private enum Activation: String { case relu, tanh }

  /// Words that are handled together.
  private static let batchWords = 512
  /// Characters of a word, with the marks of its beginning and its end.
  private static let slots = 50
  private static let (wordBegin, wordEnd, padding): (UInt16, UInt16, UInt16) = (258, 259, 260)
  private static let (textBegin, textEnd): (UInt16, UInt16) = (256, 257)

  /// [262][characterSize]; row 0 stands for nothing.
  private let characters: [Float]
  private let characterSize: Int
  private let activation: Activation
  private let filters: [Filter]
  private let highways: [DenseLayer]
  private let projection: DenseLayer
  /// [layers] forward and backward.
  private let layers: [(forward: Direction, backward: Direction)]
  private let cells: Int
  private let cellClip: Float
  private let stateClip: Float
  private let skips: Bool
  /// What each layer, the characters' one first, counts in the sum.
  private let shares: [Float]

  public var dimensions: Int { 2 * projection.outputs }
  public var splitsTexts: Bool { true }

  public init(folder: String) throws {
    let options = try JSONFile(folder + "/options.json")
    let shape = try Self.shape(options)
    let (sizes, size, depth) = (shape.filters, shape.size, shape.depth)
    (characterSize, cells) = (shape.characterSize, shape.cells)
    guard let activation = Activation(rawValue: options["char_cnn"]["activation"].text ?? "relu") else {
      throw Self.otherArchitecture(options)
    }
    self.activation = activation
    let recurrence = options["lstm"]
    (cellClip, stateClip) = (
      Float(recurrence["cell_clip"].double ?? 3), Float(recurrence["proj_clip"].double ?? 3)
    )
    skips = recurrence["use_skip_connections"].bool ?? true
    let tensors = try Self.weights(of: folder, shape)
    let characterSize = characterSize
    characters = try tensors.floats("char_embed", shape: [262, characterSize])
    filters = try sizes.enumerated().map { number, pair in
      let (width, count) = (pair[0], pair[1])
      let weights = try tensors.floats("conv\(number).weight", shape: [count, characterSize, width])
      // Windows hold character after character.
      var turned = [Float](repeating: 0, count: weights.count)
      for filter in 0..<count {
        for place in 0..<width {
          for column in 0..<characterSize {
            turned[(filter * width + place) * characterSize + column] =
              weights[(filter * characterSize + column) * width + place]
          }
        }
      }
      return Filter(
        width: width,
        layer: try DenseLayer(
          turned, bias: tensors.floats("conv\(number).bias", shape: [count]), inputs: width * characterSize,
          outputs: count))
    }
    let features = sizes.map { $0[1] }.reduce(0, +)
    func dense(_ name: String, _ inputs: Int, _ outputs: Int) throws -> DenseLayer {
      try DenseLayer(
        tensors.floats(name + ".weight", shape: [outputs, inputs]),
        bias: tensors.floats(name + ".bias", shape: [outputs]),
        inputs: inputs, outputs: outputs)
    }
    highways = try (0..<shape.highways).map { try dense("highway\($0)", features, 2 * features) }
    projection = try dense("proj", features, size)
    let cells = cells
    func direction(_ name: String) throws -> Direction {
      Direction(
        input: try DenseLayer(
          tensors.floats(name + ".w_ih", shape: [4 * cells, size]),
          bias: tensors.floats(name + ".b", shape: [4 * cells]),
          inputs: size, outputs: 4 * cells),
        recurrent: try DenseLayer(
          tensors.floats(name + ".w_hh", shape: [4 * cells, size]), bias: [], inputs: size, outputs: 4 * cells),
        projection: try DenseLayer(
          tensors.floats(name + ".w_proj", shape: [size, cells]), bias: [], inputs: cells, outputs: size))
    }
    layers = try (0..<depth).map { (try direction("lstm.f\($0)"), try direction("lstm.b\($0)")) }
    // Without weights of the layers their mean.
    let scores =
      tensors.has("mix.s") ? try tensors.floats("mix.s", shape: [depth + 1]) : [Float](repeating: 0, count: depth + 1)
    let gamma = tensors.has("mix.gamma") ? try tensors.floats("mix.gamma", shape: [1])[0] : 1
    let top = scores.max() ?? 0
    let total = scores.map { expf($0 - top) }.reduce(0, +)
    shares = scores.map { gamma * expf($0 - top) / total }
  }

  /// The sizes that the options name.
  private static func shape(_ options: JSONFile) throws -> ELMoShape {
    let (convolution, recurrence) = (options["char_cnn"], options["lstm"])
    let depth = recurrence["n_layers"].int ?? 2
    guard convolution["max_characters_per_token"].int ?? slots == slots, (1...16).contains(depth) else {
      throw otherArchitecture(options)
    }
    guard let sizes = convolution["filters"].value as? [[Int]], !sizes.isEmpty,
      sizes.allSatisfy({ $0.count == 2 && (1...slots).contains($0[0]) && (1...1 << 16).contains($0[1]) })
    else {
      throw EmbedError.broken(
        path: options.path, place: "char_cnn.filters", reason: "pairs of a width and a count were expected")
    }
    return ELMoShape(
      characterSize: try convolution["embedding"].require("dim", 1...4096), filters: sizes,
      highways: min(max(convolution["n_highway"].int ?? 2, 0), 64),
      size: try recurrence.require("projection_dim", 1...1 << 14), cells: try recurrence.require("dim", 1...1 << 16),
      depth: depth)
  }

  private static func otherArchitecture(_ options: JSONFile) -> EmbedError {
    .unsupported(
      path: options.path, what: "An ELMo of this architecture",
      advice: "Words of 50 characters, relu or tanh, and at most 16 layers can be read.")
  }

  /// The weights of a folder: what is saved as safetensors first, else the one HDF5 file.
  private static func weights(of folder: String, _ shape: ELMoShape) throws -> any WeightSource {
    do {
      return try SafeTensors(folder: folder)
    } catch EmbedError.notFound(let path) {
      guard let original = originalWeights(of: folder) else { throw EmbedError.notFound(path: path) }
      return try ELMoWeights(original, shape)
    }
  }

  /// The file of weights in HDF5, by its name the first.
  public static func originalWeights(of folder: String) -> String? {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.filter { $0.hasSuffix(".hdf5") || $0.hasSuffix(".h5") }.min().map { folder + "/" + $0 }
  }

  /// Saves the original weights of a folder as safetensors, which no library is needed for and which is mapped.
  /// - Parameters:
  ///   - folder: with `options.json` and one HDF5 file.
  ///   - target: another folder, made if need be, which gets a copy of the options; nil is the same one.
  /// - Returns: the file, and how many numbers it holds.
  /// - Throws: `EmbedError` where something is missing, is not as the options say, or exists already.
  public static func convert(folder: String, to target: String?) throws -> (path: String, numbers: Int) {
    let place = target ?? folder
    let path = place + "/model.safetensors"
    guard !FileManager.default.fileExists(atPath: path) else {
      throw EmbedError.unwritable(path: path, reason: "it exists already")
    }
    guard let original = originalWeights(of: folder) else {
      throw EmbedError.unsupported(
        path: folder, what: "The folder holds no weights in HDF5",
        advice: "Give the folder with options.json and the .hdf5 file of an ELMo.")
    }
    let weights = try ELMoWeights(original, shape(JSONFile(folder + "/options.json")))
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      if place != folder, !FileManager.default.fileExists(atPath: place + "/options.json") {
        try FileManager.default.copyItem(atPath: folder + "/options.json", toPath: place + "/options.json")
      }
      try weights.safeTensors().write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch let error as EmbedError {
      throw error
    } catch {
      throw EmbedError.unwritable(path: path, reason: error.localizedDescription)
    }
    return (path, weights.tensors.values.reduce(0) { $0 + $1.values.count })
  }

  // MARK: Texts

  /// Words and marks of punctuation, as the model was trained on; case is kept.
  static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let properties = scalar.properties
      var belongs =
        properties.isAlphabetic || properties.numericType != nil || properties.generalCategory == .nonspacingMark
        || properties.generalCategory == .spacingMark || scalar == "_"
      if scalar == "'" || scalar == "\u{2019}" || scalar == "-", !word.isEmpty, index + 1 < scalars.count {
        belongs = scalars[index + 1].properties.isAlphabetic
      }
      if belongs {
        word.unicodeScalars.append(scalar)
        continue
      }
      if !word.isEmpty { words.append(word) }
      word = ""
      if !properties.isWhitespace { words.append(String(scalar)) }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// The mean of the vectors of a text's words.
  public func vectors(of texts: [String], threads: Int, context: any JobContext) throws -> [[Float]] {
    // As other encoders do, the beginning stands for a text that is longer than what is run at once.
    let words = texts.map { Array(Self.words(of: $0).prefix(Self.batchWords - 2)) }
    let results = VectorResults(count: texts.count)
    let batches = batchesByLength(words.map { $0.count + 2 }, limit: Self.batchWords)
    try inParallel(batches.count, threads: threads) { [self] number in
      try context.checkCancelled()
      let batch = batches[number]
      let mixed = mixes(of: batch.map { words[$0] })
      results.set(
        batch,
        mixed.map { rows in
          var mean = [Float](repeating: 0, count: dimensions)
          for row in rows {
            for column in mean.indices { mean[column] += row[column] / Float(rows.count) }
          }
          return mean
        })
    }
    return results.values
  }

  /// The vectors of words in their sentences, all layers summed by their shares: [sentences][words][dimensions].
  func mixes(of sentences: [[String]]) -> [[[Float]]] {
    let layers = layers(of: sentences)
    return sentences.indices.map { sentence in
      sentences[sentence].indices.map { word in
        (0..<dimensions).map { column in
          shares.indices.reduce(0) { $0 + shares[$1] * layers[$1][sentence][word][column] }
        }
      }
    }
  }

  /// The vectors of words in their sentences: [layers][sentences][words][dimensions], the characters' layer first.
  func layers(of sentences: [[String]]) -> [[[[Float]]]] {
    var offsets = [0]
    for sentence in sentences { offsets.append(offsets[offsets.count - 1] + sentence.count + 2) }
    let rows = offsets[offsets.count - 1]
    let size = projection.outputs
    let forward = tokens(of: sentences)
    let backward = FloatBuffer(rows * size)
    backward.pointer.update(from: forward.pointer, count: rows * size)
    func rowsOfWords() -> [[[Float]]] {
      sentences.indices.map { sentence in
        sentences[sentence].indices.map { word in
          let row = (offsets[sentence] + word + 1) * size
          return Array(UnsafeBufferPointer(start: forward.pointer + row, count: size))
            + Array(UnsafeBufferPointer(start: backward.pointer + row, count: size))
        }
      }
    }
    var result = [rowsOfWords()]
    for (number, layer) in layers.enumerated() {
      let skips = skips && number > 0
      run(layer.forward, on: forward.pointer, offsets, isBackward: false, skips: skips)
      run(layer.backward, on: backward.pointer, offsets, isBackward: true, skips: skips)
      result.append(rowsOfWords())
    }
    return result
  }

  // MARK: Characters

  /// The numbers of a word's characters, from 1; what follows the last is padding.
  private static func characters(of word: String) -> [UInt16] {
    [wordBegin] + word.utf8.prefix(slots - 2).map { UInt16($0) } + [wordEnd]
  }

  /// The vectors of words and of sentences' ends by characters alone: [rows][projection].
  private func tokens(of sentences: [[String]]) -> FloatBuffer {
    var numbers: [[UInt16]: Int] = [:]
    var different: [[UInt16]] = []
    var order: [Int] = []
    func add(_ characters: [UInt16]) {
      if numbers[characters] == nil {
        numbers[characters] = different.count
        different.append(characters)
      }
      order.append(numbers[characters] ?? 0)
    }
    for sentence in sentences {
      add([Self.wordBegin, Self.textBegin, Self.wordEnd])
      for word in sentence { add(Self.characters(of: word)) }
      add([Self.wordBegin, Self.textEnd, Self.wordEnd])
    }
    let features = filters.map(\.layer.outputs).reduce(0, +)
    let x = FloatBuffer(different.count * features)
    for (row, word) in different.enumerated() { convolve(word, to: x.pointer + row * features) }
    let z = FloatBuffer(different.count * 2 * features)
    for highway in highways {
      highway.apply(x.pointer, rows: different.count, to: z.pointer)
      for row in 0..<different.count {
        let (values, parts) = (x.pointer + row * features, z.pointer + row * 2 * features)
        for column in 0..<features {
          let stays = Self.logistic(parts[features + column])
          values[column] = stays * values[column] + (1 - stays) * max(parts[column], 0)
        }
      }
    }
    let size = projection.outputs
    let projected = FloatBuffer(different.count * size)
    projection.apply(x.pointer, rows: different.count, to: projected.pointer)
    let result = FloatBuffer(order.count * size)
    for (row, number) in order.enumerated() {
      (result.pointer + row * size).update(from: projected.pointer + number * size, count: size)
    }
    return result
  }

  /// The largest answer of each filter over a word.
  private func convolve(_ word: [UInt16], to features: UnsafeMutablePointer<Float>) {
    var padded = word
    padded += [UInt16](repeating: Self.padding, count: Self.slots - word.count)
    var values: [Float] = []
    values.reserveCapacity(Self.slots * characterSize)
    for character in padded {
      let row = (Int(character) + 1) * characterSize
      values += characters[row..<row + characterSize]
    }
    var first = 0
    for filter in filters {
      // Windows in the padding are all the same: the first of them stands for the rest.
      let windows = min(Self.slots - filter.width, word.count) + 1
      let inputs = filter.layer.inputs
      let outputs = filter.layer.outputs
      let x = FloatBuffer(windows * inputs)
      let y = FloatBuffer(windows * outputs)
      values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        for window in 0..<windows {
          (x.pointer + window * inputs).update(from: base + window * characterSize, count: inputs)
        }
      }
      filter.layer.apply(x.pointer, rows: windows, to: y.pointer)
      for column in 0..<outputs {
        var top = -Float.infinity
        for window in 0..<windows { top = max(top, y.pointer[window * outputs + column]) }
        features[first + column] = activation == .relu ? max(top, 0) : tanhf(top)
      }
      first += outputs
    }
  }

  // MARK: Recurrence

  /// One layer in one direction over sentences, in place; each begins with a state of zeros.
  private func run(
    _ layer: Direction, on x: UnsafeMutablePointer<Float>, _ offsets: [Int], isBackward: Bool, skips: Bool
  ) {
    let size = projection.outputs
    let rows = offsets[offsets.count - 1]
    let gates = FloatBuffer(rows * 4 * cells)
    layer.input.apply(x, rows: rows, to: gates.pointer)
    // The longest first, so that those which still run are the first ones.
    let lengths = offsets.indices.dropLast().map { offsets[$0 + 1] - offsets[$0] }
    let order = lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
    let hidden = FloatBuffer(order.count * size)
    let memory = FloatBuffer(order.count * cells)
    let opened = FloatBuffer(order.count * cells)
    let recurrent = FloatBuffer(order.count * 4 * cells)
    var running = order.count
    for step in 0..<(order.first.map { lengths[$0] } ?? 0) {
      while running > 0, lengths[order[running - 1]] <= step { running -= 1 }
      layer.recurrent.apply(hidden.pointer, rows: running, to: recurrent.pointer)
      func row(_ place: Int) -> Int {
        let sentence = order[place]
        return isBackward ? offsets[sentence + 1] - 1 - step : offsets[sentence] + step
      }
      for place in 0..<running {
        let a = gates.pointer + row(place) * 4 * cells
        let b = recurrent.pointer + place * 4 * cells
        let state = memory.pointer + place * cells
        let open = opened.pointer + place * cells
        for cell in 0..<cells {
          let enters = Self.logistic(a[cell] + b[cell])
          let stays = Self.logistic(a[cells + cell] + b[cells + cell])
          let candidate = tanhf(a[2 * cells + cell] + b[2 * cells + cell])
          let leaves = Self.logistic(a[3 * cells + cell] + b[3 * cells + cell])
          let value = min(max(enters * candidate + stays * state[cell], -cellClip), cellClip)
          state[cell] = value
          open[cell] = leaves * tanhf(value)
        }
      }
      layer.projection.apply(opened.pointer, rows: running, to: hidden.pointer)
      for place in 0..<running {
        let state = hidden.pointer + place * size
        let target = x + row(place) * size
        for column in 0..<size {
          state[column] = min(max(state[column], -stateClip), stateClip)
          target[column] = skips ? target[column] + state[column] : state[column]
        }
      }
    }
  }

  private static func logistic(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
}
