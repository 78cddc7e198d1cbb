// One page of Cairo: an SVG, a PNG or a PDF in memory. Lengths are in units of the page, y downwards.
//
// Cairo writes the letters of an SVG as outlines; here they stay text, which can be searched, copied and read aloud,
// and does not depend on the fonts of the machine that wrote it.

import CCairo
import Foundation
import Grid

/// Red, green and blue, 0...1.
struct PageColor: Equatable {
  var red, green, blue: Double

  init(_ red: Double, _ green: Double, _ blue: Double) { (self.red, self.green, self.blue) = (red, green, blue) }

  init?(_ color: Color) {
    guard let (r, g, b) = color.components else { return nil }
    self.init(Double(r) / 255, Double(g) / 255, Double(b) / 255)
  }

  /// Between two colours, in sRGB.
  func mixed(with other: PageColor, _ share: Double) -> PageColor {
    PageColor(
      red + (other.red - red) * share, green + (other.green - green) * share, blue + (other.blue - blue) * share)
  }

  /// The nearest direct colour.
  var direct: Color {
    func byte(_ part: Double) -> UInt8 { UInt8((min(max(part, 0), 1) * 255).rounded()) }
    return .rgb(byte(red), byte(green), byte(blue))
  }

  var hex: String {
    guard let (r, g, b) = direct.components else { return "#000000" }
    return String(format: "#%02x%02x%02x", Int(r), Int(g), Int(b))
  }
}

/// A page being drawn on.
final class CairoCanvas {
  enum Kind { case svg, png, pdf }

  /// A line of text; `width` is the room that it was laid out for.
  struct Label {
    var text: String
    var x, baseline, width: Double
    var anchor: Alignment
    var color: PageColor
    var isBold: Bool
  }

  private final class Sink { var data = Data() }

  private static let append:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> cairo_status_t =
      { closure, bytes, count in
        guard let closure else { return CAIRO_STATUS_WRITE_ERROR }
        if let bytes { Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().data.append(bytes, count: Int(count)) }
        return CAIRO_STATUS_SUCCESS
      }

  private let kind: Kind
  private let sink = Sink()
  private let surface: OpaquePointer
  private let page: OpaquePointer
  private var labels: [Label] = []
  /// The size at which a character is a unit of eight wide.
  private var fontSize = 13.3

  /// A page of `width` by `height` units; a PNG has `scale` pixels a unit.
  /// - Throws: `ChartFileError`.
  init(_ kind: Kind, width: Double, height: Double, scale: Double = 1) throws {
    self.kind = kind
    let closure = Unmanaged.passUnretained(sink).toOpaque()
    let made: OpaquePointer? =
      switch kind {
      case .svg: cairo_svg_surface_create_for_stream(CairoCanvas.append, closure, width, height)
      case .pdf: cairo_pdf_surface_create_for_stream(CairoCanvas.append, closure, width, height)
      case .png:
        cairo_image_surface_create(
          CAIRO_FORMAT_RGB24, Int32((width * scale).rounded()), Int32((height * scale).rounded()))
      }
    guard let made, let page = cairo_create(made) else { throw ChartFileError.drawing("there is no memory") }
    (surface, self.page) = (made, page)
    if kind == .svg { cairo_svg_surface_set_document_unit(made, CAIRO_SVG_UNIT_PX) }
    if kind == .png { cairo_scale(page, scale, scale) }
    try check()
    chooseFont()
  }

  deinit {
    cairo_destroy(page)
    cairo_surface_destroy(surface)
  }

  private func check() throws {
    for status in [cairo_status(page), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
      throw ChartFileError.drawing(cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown error")
    }
  }

  // MARK: - Shapes

  private func ink(_ color: PageColor, _ opacity: Double) {
    cairo_set_source_rgba(page, color.red, color.green, color.blue, opacity)
  }

  func rectangle(_ box: DisplayList.Box, _ color: PageColor, opacity: Double = 1, isCrisp: Bool = false) {
    cairo_rectangle(page, box.x, box.y, box.width, box.height)
    ink(color, opacity)
    // Neighbours without a seam.
    if isCrisp { cairo_set_antialias(page, CAIRO_ANTIALIAS_NONE) }
    cairo_fill(page)
    if isCrisp { cairo_set_antialias(page, CAIRO_ANTIALIAS_DEFAULT) }
  }

  func polygon(_ points: [DisplayList.Spot], _ color: PageColor, opacity: Double = 1) {
    trace(points)
    cairo_close_path(page)
    ink(color, opacity)
    cairo_fill(page)
  }

  /// A line through the points, interrupted at those that are not finite.
  func line(
    _ points: [DisplayList.Spot], _ color: PageColor, width: Double, dash: [Double] = [], isClosed: Bool = false,
    opacity: Double = 1
  ) {
    trace(points)
    if isClosed { cairo_close_path(page) }
    stroke(color, width, dash, opacity)
  }

  private func trace(_ points: [DisplayList.Spot]) {
    var isDown = false
    for point in points {
      if !point.isFinite {
        isDown = false
      } else if isDown {
        cairo_line_to(page, point.x, point.y)
      } else {
        cairo_move_to(page, point.x, point.y)
        isDown = true
      }
    }
  }

  private func stroke(_ color: PageColor, _ width: Double, _ dash: [Double], _ opacity: Double) {
    ink(color, opacity)
    cairo_set_line_width(page, width)
    cairo_set_line_join(page, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(page, dash.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    cairo_set_dash(page, dash, Int32(dash.count), 0)
    cairo_stroke(page)
  }

  func disc(_ center: DisplayList.Spot, radius: Double, _ color: PageColor, opacity: Double = 1) {
    // A line of no length with round ends: a sixth of the bytes of an arc.
    line([center, center], color, width: radius * 2, opacity: opacity)
  }

  func ring(_ center: DisplayList.Spot, radius: Double, _ color: PageColor, width: Double) {
    cairo_new_sub_path(page)
    cairo_arc(page, center.x, center.y, radius, 0, 2 * Double.pi)
    stroke(color, width, [], 1)
  }

  /// Draws inside a box only.
  func clipped(to box: DisplayList.Box?, _ draw: () -> Void) {
    guard let box else { return draw() }
    cairo_save(page)
    cairo_rectangle(page, box.x, box.y, box.width, box.height)
    cairo_clip(page)
    draw()
    cairo_restore(page)
  }

  /// Draws inside a polygon only.
  func clipped(to polygon: [DisplayList.Spot], _ draw: () -> Void) {
    cairo_save(page)
    trace(polygon)
    cairo_close_path(page)
    cairo_clip(page)
    draw()
    cairo_restore(page)
  }

  // MARK: - Text

  private static let family = "DejaVu Sans Mono"

  private func chooseFont() {
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    // The same letters at every scale and on every screen.
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(page, options)
    select(isBold: false, size: 100)
    let advance = advance("0")
    if advance > 0 { fontSize = min(14, 8 / advance * 100) }
  }

  private func select(isBold: Bool, size: Double) {
    cairo_select_font_face(
      page, CairoCanvas.family, CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
    cairo_set_font_size(page, size)
  }

  private func advance(_ text: String) -> Double {
    var extents = cairo_text_extents_t()
    cairo_text_extents(page, text, &extents)
    return extents.x_advance
  }

  func label(_ label: Label) {
    if label.text.allSatisfy(\.isWhitespace) { return }
    if kind == .svg { return labels.append(label) }
    select(isBold: label.isBold, size: fontSize)
    let advance = advance(label.text)
    // A face that stands in for a missing one may be wider than the cells.
    let squeeze = advance > label.width && label.width > 0 ? label.width / advance : 1
    let left =
      switch label.anchor {
      case .left: label.x
      case .center: label.x - advance * squeeze / 2
      case .right: label.x - advance * squeeze
      }
    cairo_save(page)
    cairo_translate(page, left, label.baseline)
    cairo_scale(page, squeeze, 1)
    cairo_move_to(page, 0, 0)
    ink(label.color, 1)
    cairo_show_text(page, label.text)
    cairo_restore(page)
    cairo_new_path(page)
  }

  // MARK: - File

  /// The finished file. Nothing can be drawn afterwards. The same drawing gives the same bytes.
  /// - Throws: `ChartFileError.drawing`.
  func finish(title: String, description: String) throws -> Data {
    switch kind {
    case .pdf:
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, description)
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "assay")
      // Cairo would write the time of day.
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
    case .png:
      let status = cairo_surface_write_to_png_stream(
        surface, CairoCanvas.append, Unmanaged.passUnretained(sink).toOpaque())
      guard status == CAIRO_STATUS_SUCCESS else { throw ChartFileError.drawing("the PNG cannot be encoded") }
    case .svg: break
    }
    try check()
    cairo_surface_finish(surface)
    try check()
    guard kind == .svg else { return sink.data }
    let text = SVGText(drawing: String(decoding: sink.data, as: UTF8.self), fontSize: fontSize)
    return Data(text.completed(labels, title: title, description: description).utf8)
  }
}
