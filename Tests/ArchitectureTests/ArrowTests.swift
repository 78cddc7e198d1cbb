import Testing

/// Nothing imports upwards: a module may import only what stands below it.
@Suite struct ArrowTests {
  /// What each module may import. A new arrow is a decision: it is drawn here first.
  private static let arrows: [String: Set<String>] = {
    let data: Set = [
      "Embed", "Explain", "Fairness", "Flow", "Frame", "Insight", "Jobs", "Learn", "Numerics", "Serving", "Spark",
    ]
    let drawing: Set = ["Grid", "Plot"]
    return [
      "Grid": ["CUtf8proc"],
      "Plot": ["CCairo", "Grid"],
      "Widgets": ["Grid"],
      "Settings": ["Grid", "TOMLKit"],
      "Jobs": [],
      "Numerics": [],
      "Cloud": ["Jobs", "Numerics"],
      "Frame": ["CCompression", "CDuckDB", "Cloud", "Jobs"],
      "Flow": ["Frame", "Jobs", "Numerics"],
      "Insight": ["Frame", "Jobs", "Numerics", "Plot"],
      "Fairness": ["Frame", "Jobs", "Numerics", "Plot"],
      "Learn": ["CDenseKernels", "CLightGBM", "CXGBoost", "Embed", "Explain", "Frame", "Jobs", "Numerics"],
      "Explain": ["CTreeKernels", "Frame", "Jobs", "Numerics"],
      "Embed": ["CCompression", "CHnsw", "CTextKernels", "Jobs", "Numerics"],
      "Serving": ["Learn", "NIOCore", "NIOHTTP1", "NIOPosix"],
      "Spark": ["Jobs", "NIOCore", "NIOHPACK", "NIOHTTP2", "NIOPosix", "NIOSSL", "NIOTLS"],
      "Engine": data.union(["Cloud", "Plot"]),
      "Workbench": data.union(drawing).union(["Engine", "Settings", "Widgets"]),
      "Terminal": ["CNcurses", "Grid", "Widgets", "Workbench"],
      "CommandLineTool": data.union(drawing).union(["Cloud", "Engine", "Settings", "ArgumentParser"]),
      "assay": data.union(drawing).union([
        "CommandLineTool", "Engine", "Settings", "Terminal", "Widgets", "Workbench",
      ]),
      "Benchmarks": ["Embed", "Engine", "Explain", "Flow", "Frame", "Insight", "Jobs", "Numerics", "ProgramDriver"],
    ]
  }()

  private static let standard: Set = [
    "Dispatch", "Foundation", "FoundationNetworking", "Glibc", "Musl", "Darwin", "Synchronization",
  ]

  @Test func noModuleImportsUpwards() {
    #expect(Checkout.sources.count > 20)
    for file in Checkout.sources {
      guard let allowed = Self.arrows[file.module] else {
        Issue.record("\(file.path): the module \(file.module) has no arrows; draw them in ArrowTests")
        continue
      }
      for module in imports(of: file) where !allowed.contains(module) && !Self.standard.contains(module) {
        Issue.record("\(file.path) imports \(module), which \(file.module) may not")
      }
    }
  }

  @Test func theArrowsHaveNoCycle() {
    var known: Set<String> = []
    var left = Self.arrows
    while !left.isEmpty {
      let ready = left.filter { $0.value.allSatisfy { known.contains($0) || Self.arrows[$0] == nil } }
      guard !ready.isEmpty else {
        Issue.record("a cycle among \(left.keys.sorted())")
        return
      }
      for name in ready.keys {
        known.insert(name)
        left[name] = nil
      }
    }
  }

  private func imports(of file: Checkout.SourceFile) -> [String] {
    file.code.compactMap { line in
      let words = line.split(separator: " ")
      guard let at = words.firstIndex(of: "import"), at + 1 < words.count else { return nil }
      let isImport = words[..<at].allSatisfy { $0.hasPrefix("@") || ["public", "internal", "private"].contains($0) }
      guard isImport else { return nil }
      let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"]
      let name = kinds.contains(words[at + 1]) && at + 2 < words.count ? words[at + 2] : words[at + 1]
      return String(name.split(separator: ".")[0])
    }
  }
}
