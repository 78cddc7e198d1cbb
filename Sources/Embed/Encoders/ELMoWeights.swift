// ELMo's weights as TensorFlow left them in HDF5, under the names and in the order of AllenNLP's modules.
// Source: the loaders of allennlp.modules.elmo and elmo_lstm, as SPEC 6.5 lists the datasets.

import Foundation

/// Where an encoder's weights come from.
protocol WeightSource {
  func has(_ name: String) -> Bool
  /// - Throws: where the tensor is not there, or has another shape.
  func floats(_ name: String, shape: [Int]) throws -> [Float]
}

extension SafeTensors: WeightSource {}

/// What `options.json` says of the sizes.
struct ELMoShape: Equatable {
  var characterSize: Int
  /// Width and count of each.
  var filters: [[Int]]
  var highways: Int
  var size: Int
  var cells: Int
  var depth: Int
}

/// The weights of an HDF5 file, turned as the encoder reads them.
struct ELMoWeights: WeightSource {
  struct Tensor: Equatable {
    var shape: [Int]
    var values: [Float]
  }

  let path: String
  private(set) var tensors: [String: Tensor] = [:]

  func has(_ name: String) -> Bool { tensors[name] != nil }

  func floats(_ name: String, shape: [Int]) throws -> [Float] {
    guard let tensor = tensors[name], tensor.shape == shape else {
      throw EmbedError.broken(path: path, place: name, reason: "the tensor is not there, or has another shape")
    }
    return tensor.values
  }

  init(_ path: String, _ shape: ELMoShape) throws {
    self.path = path
    let file = try HDF5File(path)
    let (columns, features) = (shape.characterSize, shape.filters.map { $0[1] }.reduce(0, +))
    // Row 0 stands for nothing, and is not in the file.
    let characters = try file.floats("char_embed", shape: [261, columns])
    set("char_embed", [262, columns], [Float](repeating: 0, count: columns) + characters)
    for (number, filter) in shape.filters.enumerated() {
      let (width, count) = (filter[0], filter[1])
      let weights = try file.floats("CNN/W_cnn_\(number)", shape: [1, width, columns, count])
      // [width][column][filter] becomes [filter][column][width].
      var turned = [Float](repeating: 0, count: weights.count)
      for place in 0..<width {
        for column in 0..<columns {
          for index in 0..<count {
            turned[(index * columns + column) * width + place] = weights[(place * columns + column) * count + index]
          }
        }
      }
      set("conv\(number).weight", [count, columns, width], turned)
      set("conv\(number).bias", [count], try file.floats("CNN/b_cnn_\(number)", shape: [count]))
    }
    for number in 0..<shape.highways {
      let group = "CNN_high_\(number)/"
      // TensorFlow's gate lets the new through, AllenNLP's the old: the gate's other side.
      let new = Self.turned(try file.floats(group + "W_transform", shape: [features, features]), features, features)
      let gate = Self.turned(try file.floats(group + "W_carry", shape: [features, features]), features, features)
      set("highway\(number).weight", [2 * features, features], new + gate.map { -$0 })
      let bias = try file.floats(group + "b_carry", shape: [features]).map { -$0 }
      set("highway\(number).bias", [2 * features], try file.floats(group + "b_transform", shape: [features]) + bias)
    }
    let projection = try file.floats("CNN_proj/W_proj", shape: [features, shape.size])
    set("proj.weight", [shape.size, features], Self.turned(projection, features, shape.size))
    set("proj.bias", [shape.size], try file.floats("CNN_proj/b_proj", shape: [shape.size]))
    for (number, name) in ["lstm.f", "lstm.b"].enumerated() {
      for layer in 0..<shape.depth {
        try read(file, "RNN_\(number)/RNN/MultiRNNCell/Cell\(layer)/LSTMCell/", "\(name)\(layer)", shape)
      }
    }
  }

  private mutating func read(_ file: HDF5File, _ group: String, _ name: String, _ shape: ELMoShape) throws {
    let (size, cells) = (shape.size, shape.cells)
    // Inputs and states one above the other; the gates are i, j, f, o there and i, f, j, o here.
    let both = try file.floats(group + "W_0", shape: [2 * size, 4 * cells])
    func part(_ first: Int) -> [Float] {
      let rows = Array(both[(first * size * 4 * cells)..<((first + 1) * size * 4 * cells)])
      return Self.gates(Self.turned(rows, size, 4 * cells), each: cells * size)
    }
    set(name + ".w_ih", [4 * cells, size], part(0))
    set(name + ".w_hh", [4 * cells, size], part(1))
    var bias = Self.gates(try file.floats(group + "B", shape: [4 * cells]), each: cells)
    // TensorFlow adds it where the gate is computed.
    for cell in cells..<(2 * cells) { bias[cell] += 1 }
    set(name + ".b", [4 * cells], bias)
    let projection = try file.floats(group + "W_P_0", shape: [cells, size])
    set(name + ".w_proj", [size, cells], Self.turned(projection, cells, size))
  }

  private mutating func set(_ name: String, _ shape: [Int], _ values: [Float]) {
    tensors[name] = Tensor(shape: shape, values: values)
  }

  private static func turned(_ values: [Float], _ rows: Int, _ columns: Int) -> [Float] {
    var turned = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for column in 0..<columns { turned[column * rows + row] = values[row * columns + column] }
    }
    return turned
  }

  /// Four parts of one size with the two in the middle exchanged.
  private static func gates(_ values: [Float], each: Int) -> [Float] {
    Array(values[..<each] + values[(2 * each)..<(3 * each)] + values[each..<(2 * each)] + values[(3 * each)...])
  }

  /// The tensors as the bytes of a safetensors file, in the order of their names.
  func safeTensors() throws -> Data {
    var header: [String: Any] = ["__metadata__": ["format": "pt"]]
    var place = 0
    let names = tensors.keys.sorted()
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let end = place + 4 * tensor.values.count
      header[name] = ["dtype": "F32", "shape": tensor.shape, "data_offsets": [place, end]] as [String: Any]
      place = end
    }
    var text = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    while !text.count.isMultiple(of: 8) { text.append(UInt8(ascii: " ")) }
    var data = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
    data.reserveCapacity(data.count + place)
    for name in names {
      tensors[name]?.values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }
}
