import Foundation
import Grid
import Testing

@testable import Plot

/// Charts as files.
@Suite struct ChartFileTests {
  private static let charts: [(name: String, chart: Chart)] = [
    ("histogram", .histogram(Fixtures.age())), ("bars", .bars(Fixtures.marital)),
    ("scatter", .scatter(Fixtures.flowers)), ("heatmap", .heatmap(Fixtures.correlation)),
    ("importance", .importance(Fixtures.importance)),
  ]

  private func svg(_ chart: Chart, _ options: ChartFileOptions = .init()) throws -> String {
    String(decoding: try chart.fileContents(.svg, options: options), as: UTF8.self)
  }

  private func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

  /// How Cairo writes a fill of a series' colour.
  private func fills(_ series: Int, in text: String) throws -> Int {
    let context = DrawContext(theme: .sheet, glyphs: .braille, colors: .direct)
    let (r, g, b) = try #require(context.color(.series(series)).components)
    let bytes = [r, g, b].map(Double.init)
    return text.matches(of: /fill:rgb\(([\d.]+)%,([\d.]+)%,([\d.]+)%\)/).filter { match in
      let parts = [match.1, match.2, match.3].compactMap { Double($0) }
      return zip(parts, bytes).allSatisfy { abs($0 * 2.55 - $1) < 0.5 }
    }.count
  }

  @Test func aPictureHasItsLabelsAsTextAndOnePathAMark() throws {
    let histogram = Fixtures.age()
    let text = try svg(.histogram(histogram))
    #expect(text.contains("<title>age — count per bin of 2</title>"))
    #expect(text.contains("<desc>A chart of the kind histogram: bin 17–18  n=1,151 2.9%;"))
    #expect(text.contains(">age — count per bin of 2</text>"))
    #expect(text.contains(">1000</text>") || text.contains(">2000</text>"))
    // A bar for each bin, and the sample of the legend.
    #expect(try fills(1, in: text) == histogram.bins.filter { $0.count > 0 }.count + 1)
    let bars = try svg(.bars(Fixtures.marital))
    for item in Fixtures.marital.items { #expect(bars.contains(">\(item.label)</text>")) }
    #expect(try fills(1, in: bars) == Fixtures.marital.items.count)
  }

  @Test func everyPointOfAScatterPlotIsOnThePage() throws {
    let text = try svg(.scatter(Fixtures.flowers))
    // Points are strokes, one or two sub-paths in one path each; axes, grid and legend come on top.
    #expect(count("<path", in: text) > Fixtures.flowers.points.count)
    for name in Fixtures.flowers.categories { #expect(text.contains(">\(name)</text>")) }
  }

  @Test func everyPictureIsWellFormedXML() throws {
    for (name, chart) in ChartFileTests.charts {
      let tags = try svg(chart)
      #expect(tags.hasPrefix("<?xml"), "\(name)")
      #expect(count("<title>", in: tags) == 1, "\(name)")
      #expect(count("<g", in: tags) == count("</g>", in: tags) + count("<glyph", in: tags), "\(name)")
    }
    let odd = Bars(
      column: "a<b & \"c\"\u{1}\n", items: [.init(label: "<script>", count: 2), .init(label: "", count: 1)], missing: 0,
      total: 3)
    let text = try svg(.bars(odd))
    #expect(!text.contains("<script>"))
    #expect(text.contains("&lt;script&gt;") && text.contains("a&lt;b &amp; &quot;c&quot;\u{FFFD}"))
  }

  @Test func aPNGHasItsSignatureAndTheSizeAskedFor() throws {
    for (name, chart) in ChartFileTests.charts {
      let data = try chart.fileContents(.png, options: .init(pixels: Size(width: 800, height: 500)))
      #expect(data.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), "\(name)")
      let size = [16, 20].map { at in data[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) } }
      #expect(size == [800, 500], "\(name)")
    }
  }

  @Test func aPDFBeginsWithItsHeaderAndHasNoDateOfToday() throws {
    for (name, chart) in ChartFileTests.charts {
      let data = try chart.fileContents(.pdf)
      #expect(data.prefix(5) == Data("%PDF-".utf8), "\(name)")
      #expect(data.range(of: Data("CreationDate (20000101".utf8)) != nil, "\(name)")
    }
  }

  @Test func theSameChartGivesTheSameBytes() throws {
    for (name, chart) in ChartFileTests.charts {
      for format in ChartFileFormat.allCases {
        let first = try chart.fileContents(format)
        #expect(try first == chart.fileContents(format), "\(name) as \(format)")
        #expect(!first.isEmpty, "\(name) as \(format)")
      }
    }
  }

  @Test func rowsOfAChartAreItsNumbers() throws {
    let histogram = String(decoding: try Chart.histogram(Fixtures.age()).fileContents(.csv), as: UTF8.self)
    #expect(histogram.hasPrefix("lower,upper,count\n17,19,1151\n19,21,1728\n"))
    #expect(histogram.split(separator: "\n").count == Fixtures.ageCounts.count + 1)
    let bars = String(decoding: try Chart.bars(Fixtures.marital).fileContents(.csv), as: UTF8.self)
    #expect(bars.hasPrefix("marital,count\nMarried,14976\n"))
    #expect(bars.hasSuffix("(4 others),441\n"))
    #expect(ChartTable(columns: ["a,b"], rows: [["say \"x\""]]).csv == "\"a,b\"\n\"say \"\"x\"\"\"\n")
  }

  @Test func anUnknownEndingIsRefusedWithTheKnownOnes() throws {
    for path in ["chart.bmp", "chart", "chart.svg.gz"] {
      let error = #expect(throws: ChartFileError.self) { try ChartFileFormat(path: path) }
      #expect("\(try #require(error))".contains(".svg, .png, .pdf, .txt, .ansi, .json or .csv"))
    }
    #expect(try ChartFileFormat(path: "A.SVG") == .svg)
  }

  @Test func aMissingFolderIsNamed() throws {
    let error = #expect(throws: ChartFileError.self) {
      try Chart.bars(Fixtures.marital).write(to: "/no/such/folder/chart.svg")
    }
    #expect("\(try #require(error))".contains("/no/such/folder: there is no such folder"))
  }

  @Test func anySizeAndAnyDataCanBeWritten() throws {
    let empty: [Chart] = [
      .histogram(.init(column: "x", bins: [], missing: 0, total: 0)),
      .bars(.init(column: "x", items: [], missing: 3, total: 3)),
      .scatter(.init(x: "x", y: "y", points: [.init(x: .nan, y: 1)], total: 1)),
      .heatmap(.init(title: "none", rows: [], columns: [], values: [])),
      .importance(.init(title: "none", items: [])),
      .histogram(.init(column: "x", bins: [.init(lower: 1, upper: 1, count: 9)], missing: 0, total: 9)),
    ]
    for chart in empty + ChartFileTests.charts.map(\.chart) {
      for size in [Size(width: 1, height: 1), Size(width: 60, height: 60), Size(width: 333, height: 210)] {
        for format in [ChartFileFormat.svg, .png, .pdf] {
          #expect(try !chart.fileContents(format, options: .init(pixels: size, paper: .dark)).isEmpty)
        }
      }
      #expect(chart.vectorList(size: .zero, context: DrawContext()).list.items.isEmpty)
    }
    #expect(throws: ChartFileError.tooLarge(width: 100_000, height: 10)) {
      try empty[0].fileContents(.png, options: .init(pixels: Size(width: 100_000, height: 10)))
    }
  }

  @Test func everyShapeOfAListCanBePutOnAPage() throws {
    let context = DrawContext(theme: .sheet, glyphs: .braille, colors: .direct)
    var plotter = Plotter(size: Size(width: 40, height: 10), context: context)
    for (i, shape) in MarkerShape.allCases.enumerated() {
      plotter.markers([.init(Double(i) * 3 + 1, 2), .init(.nan, 1)], .series(i), shape)
    }
    for pattern in FillPattern.allCases {
      plotter.fill(.init(x: 1, y: 3, width: 6, height: 2), .series(2), pattern)
      plotter.area([.init(1, 6), .init(5, 5), .init(9, 8)], .band, pattern)
    }
    plotter.rule(.init(0, 4), .init(30, 4), .reference, .dashed, capsStart: true, capsEnd: true)
    plotter.colors(.init(x: 20, y: 5, width: 4, height: 2), [[0, 0.5], [nil, .nan]], isDiverging: true)
    plotter.add(.picture(CellGrid(size: Size(width: 3, height: 1), style: .plain), .init(30, 8)), .fills)
    for kind in [DisplayList.Sample.Kind.line(.dotted), .fill(.light), .overlap, .scale(isDiverging: true, columns: 4)]
    {
      plotter.add(.sample(.init(kind, at: .init(2, 9), role: .series(3))), .labels)
    }
    let canvas = try CairoCanvas(.svg, width: 400, height: 200)
    PageDrawing(canvas: canvas, context: context, origin: .init(10, 10)).draw(plotter.list, width: 400, height: 200)
    let text = String(decoding: try canvas.finish(title: "all", description: "shapes"), as: UTF8.self)
    #expect(text.contains("stroke-dasharray:6,4"))
    #expect(text.contains(">*</text>"))
    #expect(count("<path", in: text) > 30)
    #expect(!text.lowercased().contains("nan"))
  }
}
