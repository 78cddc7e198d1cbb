// Numbers of an HDF5 file, by the system's libhdf5 where there is one: nothing needs it to be built.
// Source: https://support.hdfgroup.org/documentation/hdf5/latest/, version 1.10 and later, whose identifiers have 64 bits.

import Foundation
import Synchronization

/// An HDF5 file that is open for reading.
final class HDF5File {
  /// What is called of the library. It is not safe to call from two threads at once.
  private struct Library: @unchecked Sendable {
    let open: @convention(c) (UnsafePointer<CChar>, UInt32, Int64) -> Int64
    let close: @convention(c) (Int64) -> Int32
    let dataset: @convention(c) (Int64, UnsafePointer<CChar>, Int64) -> Int64
    let closeDataset: @convention(c) (Int64) -> Int32
    let space: @convention(c) (Int64) -> Int64
    let closeSpace: @convention(c) (Int64) -> Int32
    let rank: @convention(c) (Int64) -> Int32
    let sides: @convention(c) (Int64, UnsafeMutablePointer<UInt64>?, UnsafeMutablePointer<UInt64>?) -> Int32
    let read: @convention(c) (Int64, Int64, Int64, Int64, Int64, UnsafeMutableRawPointer?) -> Int32
    /// The type of a Float in memory.
    let float: Int64

    /// Nil where the library is not installed, or too old.
    static let shared: Library? = {
      let names = ["libhdf5_serial.so", "libhdf5.so"].flatMap { name in
        [".103", ".200", ".310", ".320", ""].map { name + $0 }
      }
      for name in names + ["libhdf5.dylib"] {
        if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL), let library = Library(handle) { return library }
      }
      return nil
    }()

    private init?(_ handle: UnsafeMutableRawPointer) {
      func symbol<Function>(_ name: String, _ type: Function.Type) -> Function? {
        dlsym(handle, name).map { unsafeBitCast($0, to: type) }
      }
      typealias Version =
        @convention(c) (
          UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>
        ) -> Int32
      typealias Silence = @convention(c) (Int64, UnsafeRawPointer?, UnsafeRawPointer?) -> Int32
      var (major, minor, patch): (UInt32, UInt32, UInt32) = (0, 0, 0)
      guard let version = symbol("H5get_libversion", Version.self), version(&major, &minor, &patch) >= 0,
        (major, minor) >= (1, 10), let begin = symbol("H5open", (@convention(c) () -> Int32).self), begin() >= 0,
        let silence = symbol("H5Eset_auto2", Silence.self), let float = dlsym(handle, "H5T_NATIVE_FLOAT_g"),
        let open = symbol("H5Fopen", (@convention(c) (UnsafePointer<CChar>, UInt32, Int64) -> Int64).self),
        let close = symbol("H5Fclose", (@convention(c) (Int64) -> Int32).self),
        let dataset = symbol("H5Dopen2", (@convention(c) (Int64, UnsafePointer<CChar>, Int64) -> Int64).self),
        let closeDataset = symbol("H5Dclose", (@convention(c) (Int64) -> Int32).self),
        let space = symbol("H5Dget_space", (@convention(c) (Int64) -> Int64).self),
        let closeSpace = symbol("H5Sclose", (@convention(c) (Int64) -> Int32).self),
        let rank = symbol("H5Sget_simple_extent_ndims", (@convention(c) (Int64) -> Int32).self),
        let sides = symbol(
          "H5Sget_simple_extent_dims",
          (@convention(c) (Int64, UnsafeMutablePointer<UInt64>?, UnsafeMutablePointer<UInt64>?) -> Int32).self),
        let read = symbol(
          "H5Dread", (@convention(c) (Int64, Int64, Int64, Int64, Int64, UnsafeMutableRawPointer?) -> Int32).self)
      else { return nil }
      // Errors are told by what is called, not on the terminal.
      _ = silence(0, nil, nil)
      (self.open, self.close, self.dataset, self.closeDataset) = (open, close, dataset, closeDataset)
      (self.space, self.closeSpace, self.rank, self.sides, self.read) = (space, closeSpace, rank, sides, read)
      self.float = float.load(as: Int64.self)
    }
  }

  private static let lock = Mutex(())

  let path: String
  private let library: Library
  private let file: Int64

  /// Whether the library is there.
  static var isSupported: Bool { lock.withLock { _ in Library.shared != nil } }

  /// - Throws: `EmbedError.notFound`, `.unsupported` without the library, `.broken` for a file that is no HDF5.
  init(_ path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { throw EmbedError.notFound(path: path) }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw EmbedError.unreadable(path: path, reason: "there is no permission")
    }
    let opened = Self.lock.withLock { _ in Library.shared.map { ($0, $0.open(path, 0, 0)) } }
    guard let (library, file) = opened else {
      throw EmbedError.unsupported(
        path: path, what: "ELMo's weights are in HDF5, and libhdf5 is not installed",
        advice: "Install libhdf5-103-1 (or a later one), or save the weights as model.safetensors elsewhere: "
          + "assay embed convert FOLDER.")
    }
    guard file >= 0 else {
      throw EmbedError.broken(path: path, place: "its beginning", reason: "an HDF5 file was expected")
    }
    (self.path, self.library, self.file) = (path, library, file)
  }

  deinit {
    let (library, file) = (library, file)
    Self.lock.withLock { _ in _ = library.close(file) }
  }

  /// The numbers of a dataset, row by row.
  /// - Parameters:
  ///   - name: with the groups that it is in, such as `CNN/W_cnn_0`.
  ///   - shape: that it must have.
  func floats(_ name: String, shape: [Int]) throws -> [Float] {
    func broken(_ reason: String) -> EmbedError { .broken(path: path, place: name, reason: reason) }
    return try Self.lock.withLock { _ in
      let dataset = library.dataset(file, name, 0)
      guard dataset >= 0 else { throw broken("the dataset is not there") }
      defer { _ = library.closeDataset(dataset) }
      let space = library.space(dataset)
      guard space >= 0 else { throw broken("its shape cannot be read") }
      defer { _ = library.closeSpace(space) }
      let rank = Int(library.rank(space))
      guard (0...32).contains(rank) else { throw broken("its shape cannot be read") }
      var sides = [UInt64](repeating: 0, count: max(rank, 1))
      _ = library.sides(space, &sides, nil)
      let found = sides.prefix(rank).map { Int(clamping: $0) }
      guard found == shape else { throw broken("its shape is \(found) where the configuration wants \(shape)") }
      var values = [Float](repeating: 0, count: shape.reduce(1, *))
      guard library.read(dataset, library.float, 0, 0, 0, &values) >= 0 else {
        throw broken("its numbers cannot be read")
      }
      return values
    }
  }
}
