// Which part of the screen means what: widgets return these with what they draw, the mouse asks them.

import Grid

/// What a click means.
public enum HitTarget: Hashable, Sendable {
  /// A command of the registry, by id.
  case command(String)
  /// A line of a named list, tree, table or menu.
  case item(String, Int)
  case pane(String)
  /// A field of a form.
  case field(String)
  /// One of a field's options, or a button of a row of buttons.
  case option(String, Int)
  /// A key, or several one after the other, in the notation of `KeyEvent`: what a hint names.
  case keys(String)
  /// A tab by its number.
  case tab(Int)
  /// Something that lies over the rest but does nothing itself.
  case background(String)
}

/// Clickable rectangles; what was added later lies on top.
public struct HitMap: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var rect: Rect
    public var target: HitTarget
  }

  public private(set) var entries: [Entry] = []

  public init() {}

  public mutating func add(_ rect: Rect, _ target: HitTarget) {
    if !rect.isEmpty { entries.append(Entry(rect: rect, target: target)) }
  }

  /// Puts all of another map on top.
  public mutating func add(_ other: HitMap) { entries += other.entries }

  /// What lies on top at a point.
  public func target(at point: Point) -> HitTarget? { entries.last { $0.rect.contains(point) }?.target }

  /// Where a target was drawn first.
  public func rect(of target: HitTarget) -> Rect? { entries.first { $0.target == target }?.rect }
}
